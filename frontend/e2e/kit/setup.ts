import { accessSync } from "node:fs";
import { callinBinary } from "./process";
import { recordMicrophone } from "./microphone";

export default function setup(): void {
  accessSync(callinBinary);
  recordMicrophone();
}
