import { describeCases } from "../mocks/cases";

describeCases(__dirname);
