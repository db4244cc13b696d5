import { accessSync } from "node:fs";
import { recordMicrophone } from "./microphone";
import { callinBinary } from "./process";

export default function setup(): void {
  accessSync(callinBinary);
  recordMicrophone();
}
