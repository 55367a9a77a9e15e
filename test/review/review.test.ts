import { describeCases } from "../helpers/cases";

describeCases(__dirname);
