import { type Characters, withPlace, withTake } from "./characters";
import { type Command, whileTyping } from "./keys";
import { isFunctionKey, type KeyPress, partsOf, type Stroke, strokeOf } from "./stroke";

export interface Focus {
  /** The keys go into a field. */
  typing: boolean;
  /** A button or link has the focus: Enter is its own. */
  onControl: boolean;
}

/** The keys as they are set. */
export interface Keys {
  characters: Characters;
  commands: ReadonlyMap<Stroke, Command>;
}

/** Commands that go on while their key is held down: what a press does is done once by all others. */
export const goesOn: ReadonlySet<Command> = new Set<Command>([
  "up",
  "down",
  "left",
  "right",
  "fadeUp",
  "fadeDown",
]);

/** The command that a key press is, if any. */
export function commandFor(press: KeyPress, focus: Focus, keys: Keys): Command | undefined {
  const stroke = strokeOf(press);
  if (!stroke || (focus.onControl && stroke === "Enter")) return undefined;
  const command = numbered(stroke, keys.characters) ?? keys.commands.get(stroke);
  return command && focus.typing && !passesField(stroke, command) ? undefined : command;
}

/** A digit's command: it takes that caller, or puts the selected one there. */
function numbered(stroke: Stroke, characters: Characters): Command | undefined {
  const { held, key } = partsOf(stroke);
  if (!/^[1-9]$/.test(key)) return undefined;
  if (held === withTake(characters)) return `take${Number(key)}`;
  return held === withPlace(characters) ? `place${Number(key)}` : undefined;
}

/**
 * Whether a stroke is a command though a field has the focus: what types nothing, and what is for who is
 * talked to with Alt. With Ctrl it is the field's own: it copies and pastes there.
 */
const passesField = (stroke: Stroke, command: Command): boolean =>
  isFunctionKey(stroke) || stroke === "Escape" || (whileTyping.has(command) && stroke.startsWith("Alt+"));
