import { main } from "../cli/main";
import { LOCAL } from "./commands";

void main(LOCAL);
