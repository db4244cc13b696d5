import { accessSync } from "node:fs";
import { microphone, producersMicrophone, recordMicrophone } from "./microphone";
import { callinBinary } from "./process";

export default function setup(): void {
  accessSync(callinBinary);
  recordMicrophone(microphone);
  recordMicrophone(producersMicrophone);
}
