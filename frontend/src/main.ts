import { mount } from "svelte";
import "./app.css";
import { httpBackend } from "./backend/http";
import { windowBackend } from "./backend/window";
import { Desk } from "./desk/desk.svelte";
import { followRoom } from "./parts/room";
import { applyTheme } from "./parts/theme";
import Room from "./Room.svelte";

declare global {
  interface Window {
    /**
     * For support: what comes in on the phone right now, asked for on the
     * browser's console. remoteLevel is in dBFS, -100 when silent; remoteTones
     * are the frequencies in hertz that stand out, the strongest first.
     */
    callinPhone?: { remoteLevel(): number; remoteTones(): number[] };
  }
}

applyTheme();
followRoom();
const desk = new Desk(windowBackend() ?? httpBackend());
const { levels } = desk.phone.heard;
window.callinPhone = { remoteLevel: levels.callers, remoteTones: levels.tones };

const target = document.getElementById("page");
if (target) mount(Room, { target, props: { desk } });
