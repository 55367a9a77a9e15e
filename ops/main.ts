import { main } from "../cli/main";
import { OPS } from "./commands";

void main(OPS);
