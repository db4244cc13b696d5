/**
 * What Callin and the page say to each other. Types only: the Go types are their
 * source, and app/desk/page_test.go holds these to them.
 * Times are milliseconds since 1970, UTC.
 */

/** Twilio's CallSid: one telephone call. */
export type Sid = string;

export type Kind = "arriving" | "queue" | "line" | "bridge" | "park" | "voicemail" | "closing" | "gone";

/** How a call stands on a line. */
export type LineState = "talking" | "held" | "deck";

/** Where a call is; state is set on a line only. */
export interface Place {
  kind: Kind;
  /** The queue's or the line's name. */
  name?: string;
  state?: LineState;
}

export interface Picture {
  /** The number of the last fact that is in the picture. */
  seq: number;
  now: number;
  station: Station;
  /** The station's, the first one first. */
  studios: Studio[];
  lines: Line[];
  cards: Card[];
  /** The station's, the one on its own computer first. */
  desks: Desk[];
  /** The desk that this is shown to. */
  you: string;
  /** What desks said to one another last, oldest first. */
  chat: Said[];
  /** The messages that callers have left, oldest first. */
  voicemail: Voicemail[];
  /** What is wrong with keeping facts, and since when. */
  disk?: Trouble;
  /** What is said of comparing with Twilio. */
  check: Check;
  /** Why Twilio does not reach Callin. */
  wayIn?: Trouble;
  /** Those of the phones on the lines of which something is said. */
  microphones?: Microphone[];
  /** What the shows come to; absent at a desk that is not told. */
  costs?: Costs;
  /** The isolated tracks that are recorded, one for each studio that has some. */
  tracks?: Tracks[];
}

export interface Station {
  name: string;
  rehearsal: boolean;
  /** It runs on an account that was set up here: a stand-in's in a rehearsal. */
  connected?: boolean;
  /** Whether a telephone can take callers: there is a PIN. */
  telephone: boolean;
  /** In a rehearsal only. */
  pin?: string;
  /** Which Callin this is: "Callin 0.2.0 (25dcacf, 2026-11-26)". */
  version: string;
  /** Sentences about how this Callin runs, from its start on. */
  warnings?: string[];
  /** The path of Callin's log; absent when it is not on disk. */
  log?: string;
  /** The names of the settings that this computer's policy has. */
  policy?: string[];
}

/** What a desk is for; a watcher sees all that is shown of its studios, and does nothing. */
export type Role = "host" | "producer" | "manager" | "watcher";

/** A desk as the others see it. */
export interface Desk {
  id: string;
  name: string;
  roles: Role[];
  studios: string[];
  /** Whether somebody has it open. */
  here: boolean;
  /** Whether nobody has, although its page is there and its phone carries sound. */
  cutOff?: boolean;
}

/** Where a show is on air. */
export interface Studio {
  id: string;
  name: string;
  /** The listeners' number, E.164. */
  number: string;
  /** The DJ's dial-in number, E.164. */
  dialIn: string;
  /** The name of the line that goes to air: the first lane's. */
  line: string;
  /** The lines of all its lanes. One is shared by all who are on air; of more each has one caller. */
  lanes: string[];
  /** The last of several lanes takes callers although somebody is on it. */
  sharedLane?: boolean;
  /** The line on which the host is talked to alone where there are several lanes; with one it is that one's. */
  talkback?: string;
  show: Show;
  /** The call that Next would take, empty when there is none. */
  next: Sid;
}

export type ShowState = "closed" | "opening" | "open" | "stopping" | "closing";

export interface Show {
  name: string;
  state: ShowState;
  screens: boolean;
  /** The show's queues by name, the one that feeds the air first. */
  queues: string[];
  /** How long a drop, a Next and the show's closing can be taken back. */
  parkMs: number;
  /** Whether producers may take callers to air, and hold, resume and drop them there, as hosts may. */
  producersAir: boolean;
  /** Whether isolated tracks are recorded while somebody is on air; callers are told so. */
  tracks?: boolean;
  /** When the show came to its state. */
  since: number;
  trouble?: Trouble;
}

/** A desk's own conference. */
export interface Line {
  name: string;
  /** Whether the desk's softphone is on the line. */
  phone: boolean;
  /** The phone's call; that of the last one while there is none. */
  leg: Sid;
  /** Whether it takes callers straight from the queue: * brings the next. */
  direct: boolean;
  /** Whether the phone is a telephone that dialled in; it is then direct too. */
  telephone: boolean;
  /** Whether wrong PINs have locked the telephone way for all but those that typed the right one lately. */
  pinLocked: boolean;
  /** The numbers that are locked by their own wrong PINs; an empty one is every withheld number. */
  lockedTelephones: string[];
  /** Whose phone that is, or was last. */
  desk: string;
  /** When the softphone joined, or was lost. */
  since: number;
  /** Whether a person took off the phone that left the line last: it was not lost. */
  byHand: boolean;
  /** The desks that speak to the host alone, each as often as it does. */
  talkback: string[];
  /** The desks whose phones are on the line in reserve. */
  reserve?: string[];
  /** The calls that were held because the softphone left. */
  lost: Sid[];
}

/** One caller's call. */
export interface Card {
  call: Sid;
  /** The one that was called, or that the caller was given to since. */
  studio: string;
  /** E.164; empty when withheld. */
  number: string;
  name: string;
  location: string;
  topic: string;
  /** Where the number is from, as Twilio looked it up: for want of a location. */
  area?: string;
  notes?: string;
  language?: string;
  /** 1 to 5. */
  rating?: number;
  /** Why the caller was sent back to wait. */
  reason?: string;
  /** Whether the caller was put after those who wait to be screened. */
  notNow?: boolean;
  /** Who put the caller where they are in the queue, until they leave it. */
  ordered?: Ordered;
  arrived: number;
  place: Place;
  /** When it came to this place. */
  since: number;
  /** The studio's line on which the caller, to whom a desk talks off air, was on hold and goes back to hold. */
  fromHold?: string;
  /** Orders the calls of one queue: lowest first. */
  rank: number;
  locked: boolean;
  /** How long the call has been on air before `since`. */
  airMs: number;
  move?: Moving;
  /** Where a parked call goes back to by Undo. */
  was?: Place;
  /** Whom the Next took that dropped a parked call. */
  next?: Sid;
  /** When a Next was pressed that took this caller, until something else is done with the call. */
  taken?: number;
  /** What was typed of this number's earlier call in this show. */
  before?: Typed;
  trouble?: Trouble;
}

/** What somebody meant by an order: this place, a host's own next, a producer's proposal, or not now. */
export type Ordering = "" | "next" | "proposed" | "not-now";

export interface Ordered {
  desk: string;
  as: Ordering;
}

/** How the recording of a studio's isolated tracks stands. */
export interface Tracks {
  studio: string;
  /** Sound is written now. */
  on: boolean;
  /** When the recording of this show began; 0 while there is none. */
  since: number;
  /** There is a track of the host. */
  host: boolean;
  /** Why nothing is written although somebody records. */
  trouble?: Trouble;
}

/** The files of a show's isolated tracks. folder is empty for a desk on another computer. */
export interface TracksOf {
  folder: string;
  files: Track[];
}

export interface Track {
  name: string;
  bytes: number;
}

/** What a caller can be told at the end. */
export type Farewell = "" | "full" | "topic" | "another";

/** Something that a desk said to the others of a studio. */
export interface Said {
  seq: number;
  at: number;
  studio: string;
  desk: string;
  text: string;
  /** Whether no host may miss it. */
  toHost?: boolean;
  /** Whether a host has said that it was seen. */
  seen?: boolean;
}

/** What somebody typed of a caller. */
export interface Typed {
  name: string;
  location: string;
  topic: string;
}

/** A message that a caller has left; heard at /api/voicemail/{recording}. */
export interface Voicemail {
  /** Twilio's RecordingSid. */
  recording: string;
  studio: string;
  call: Sid;
  /** E.164; empty when withheld. */
  number: string;
  name: string;
  at: number;
  seconds: number;
}

/** A move under way. */
export interface Moving {
  number: number;
  to: Place;
  began: number;
  /** Where it was decided, if somebody did. */
  desk?: string;
}

/** What the station's shows come to on its account, as an estimate. */
export interface Costs {
  /** It is a rehearsal, which costs nothing. */
  free: boolean;
  /** The account's (ISO 4217); absent while Twilio has told no price. */
  currency?: string;
  /** One for each studio: its show that is open, or else its last one. */
  shows: ShowCost[];
  /** Absent until Twilio has told it. */
  month?: MonthCost;
  /** What the station means to spend in a month; 0 for none. */
  limit: number;
  /** The settings' file has the limit. */
  limitFixed: boolean;
  /** A trial account's credit. */
  balance?: number;
  /** Why prices and month are not as of now, in words. */
  trouble?: string;
}

export interface ShowCost {
  studio: string;
  parts: CostPart[];
  /** Of the parts that have a price; known is whether all have one. */
  sum: number;
  known: boolean;
}

/** Calls to the listeners' number and to the dial-in number, phones of desks, and whoever is on a line. */
export type CostKind = "callers" | "telephones" | "desks" | "lines";

/** One kind of minutes; rate is the price of one, absent while that is not known. */
export interface CostPart {
  kind: CostKind;
  minutes: number;
  rate?: number;
}

/** A month so far (UTC): total is Twilio's, as of at; soFar is with what the shows came to since, as an estimate. */
export interface MonthCost {
  total: number;
  at: number;
  soFar: number;
}

/** What is said of comparing with Twilio. */
export interface Check {
  /** Whether Twilio is being asked where everybody is, after a gap. */
  now: boolean;
  /** When Twilio ceased to answer; 0 while it answers. */
  lostAt: number;
  /** How many callers were elsewhere than shown, or gone, when it was last so. */
  mended: number;
  mendedAt: number;
}

/** What passes between a phone and its line. */
export type Sound = "waits" | "flows" | "unplugged" | "dead" | "notSent" | "silentLine";

/** What the page that has a phone says of its microphone. */
export interface Microphone {
  line: string;
  /** The phone's call. */
  call: Sid;
  muted: boolean;
  sound: Sound;
  /** What another page asks of it, until it was done. */
  asked?: MuteAsked;
}

/** Asks the page that has the phone to mute (on) or to unmute; no two have the same `at`. */
export interface MuteAsked {
  on: boolean;
  at: number;
}

/** Something that did not work, in words for the person at the desk. */
export interface Trouble {
  code: string;
  message: string;
  at: number;
}

/** What one or more facts changed, up to and including fact seq. */
export interface Change {
  seq: number;
  /** Callin's clock, when it was put. */
  now?: number;
  /** Those that changed. */
  studios?: Studio[];
  /** Those that changed. */
  lines?: Line[];
  /** Those that are new or changed. */
  cards?: Card[];
  /** Those to remove. */
  gone?: Sid[];
  /** All messages, when one came or was deleted. */
  voicemail?: Voicemail[];
  /** What was said since, and what a host has seen of it. */
  chat?: Said[];
  /** All, whenever they change. */
  desks?: Desk[];
  /** Told whenever it changes; with an empty code, the disk works again. */
  disk?: Trouble;
  /** Told whenever it changes; with an empty code, Twilio reaches Callin again. */
  wayIn?: Trouble;
  /** Told whenever it changes. */
  check?: Check;
  /** Told whenever it changes. */
  microphones?: Microphone[];
  /** Told whenever they change. */
  costs?: Costs;
  /** Told of a studio whenever they change. */
  tracks?: Tracks[];
  /** Asks the pages that are open now what they find of themselves; it goes along with the answer. */
  look?: string;
  /** A sentence for whoever is at a desk now. */
  notice?: Trouble;
}

/** Why an operation was refused. */
export interface Refusal {
  code: string;
  message: string;
  field?: string;
}

export interface Begun {
  call: Sid;
  move: number;
}

/** One broadcast of a show; `show` is the number that its record is asked by. */
export interface Edition {
  show: number;
  opened: number;
  /** 0 while it is open. */
  closed: number;
  calls: number;
}

/** What became of one caller's call. */
export interface CallerLine {
  call: Sid;
  number: string;
  name: string;
  location: string;
  topic: string;
  /** The studio that gave the caller to this one; empty for who rang in here. */
  from: string;
  /** When the caller rang in, or was given to this studio. */
  arrived: number;
  /** When the call was over or given to another studio; 0 while it goes on here. */
  ended: number;
  waitedMs: number;
  airedMs: number;
  /** Of the message that the caller left; 0 for none. */
  messageSeconds: number;
  /** What brought the caller to air first, and by whom; empty for nobody. */
  taken: string;
  /** How the call ended, to which studio it was given, or where it is. */
  left: string;
  /** What failed, in words. */
  failed: string[];
}

/** One thing that happened in a call or to the station. */
export interface Step {
  seq: number;
  at: number;
  what: string;
  failed: boolean;
}

/** One line of a record: a caller's, with the steps of the call, or the station's. */
export interface RecordLine {
  seq: number;
  at: number;
  /** What happened, or what became of the caller. */
  what: string;
  failed: string[];
  caller?: CallerLine;
  steps: Step[];
}

/** A part of a show's record, newest first. */
export interface RecordPage {
  lines: RecordLine[];
  /** Where the next page begins, 0 after the last one. */
  before: number;
}

/** A show told by its callers, as they rang in. */
export interface Sheet {
  show: Edition;
  callers: CallerLine[];
  /** How many callers there are besides. */
  more: number;
  totals: Totals;
  /** What went wrong with the station itself. */
  troubles: Step[];
  moreTroubles: number;
}

export interface Totals {
  callers: number;
  aired: number;
  gaveUp: number;
  sentAway: number;
  /** To another studio, not aired in this one. */
  givenAway: number;
  notLetIn: number;
  stillHere: number;
  messages: number;
  /** Callers with whom something failed. */
  failed: number;
  longestWaitMs: number;
  meanWaitMs: number;
  airedMs: number;
}

/** How many waited over a show, and how long: of one that is open until now. */
export interface Curve {
  /** From the opening on; each says what was the most since the one before it. */
  points: CurvePoint[];
  /** How many waited at once at most, and since when. */
  mostWaiting: number;
  mostAt: number;
}

export interface CurvePoint {
  at: number;
  waiting: number;
  onAir: number;
  longestWaitMs: number;
}

/** A file that somebody saved a show's record as: its path, or its name alone. */
export interface SavedFile {
  name: string;
  at: number;
}

/** How a record is written to a file. */
export type Format = "csv" | "json";

/** What a softphone needs to connect. */
export interface PhonePass {
  token: string;
  identity: string;
  ttlSeconds: number;
  lines: Lines;
  /** Twilio's edge that the phone connects to; absent for the one that Twilio chooses. */
  edge?: string;
  /** The rehearsal's signalling, ws://; absent on a real account. */
  signal?: string;
}

/** The lines that a desk's phone may have. */
export interface Lines {
  /** The studio's, which goes to air; absent for a desk that is no host's. */
  air?: string;
  /** The desk's own, for talking off air. */
  own: string;
}

/** A made-up caller of a rehearsal. */
export interface StageCaller {
  call: Sid;
  number: string;
  name: string;
  status: string;
  /** What the caller heard last: words, or the address of audio. */
  heard: string;
}

/** What a rehearsal can let go wrong. */
export type StageTrouble =
  | "restDown"
  | "restBusy"
  | "restSlow"
  | "newsLate"
  | "newsDoubled"
  | "newsDisordered"
  | "newsLost"
  | "phoneCut"
  | "soundCut";

/** A rehearsal's stage as it is. */
export interface StageNow {
  /** Who is on the telephone, the longest first; not all when there are many. */
  callers: StageCaller[];
  /** How many there are besides. */
  more: number;
  /** What goes wrong, until a time in ms since 1970. */
  trouble?: StageTrouble;
  until?: number;
}

/**
 * What a page of a PC is told that is a desk of a station elsewhere: first, and whenever it
 * changes. While the station is not reached nothing else is told.
 */
export interface StationNow {
  /** What the station calls itself. */
  name: string;
  reached: boolean;
  /** This PC is no longer a desk of the station: nothing of it is to be shown. */
  ended: boolean;
  /** Why it is not reached, in words. */
  why?: string;
  /** Those of the station's certificate, for as long as this PC is paired only when somebody says that the station shows the same. */
  words?: string;
}

/** What a desk on the computer of its own Callin is told of newer versions of that. */
export interface UpdateNow {
  /** The one that runs; empty for a build without a number. */
  version: string;
  /** One that is there. */
  newer?: string;
  /** Its day, such as 2026-11-26. */
  date?: string;
  /** What is new in it, a line each. */
  notes?: string[];
  /** Whether a press here updates to it. */
  own: boolean;
  /** A sentence about how things stand, or about what to do. */
  says: string;
  /** Something is being done that was asked for. */
  busy?: boolean;
  /** When it was known last; absent for never. */
  lookedAt?: number;
}

/** What was typed into a card; what is not there stays as it is. */
export interface NoteBody {
  call: Sid;
  name?: string;
  location?: string;
  topic?: string;
  notes?: string;
  language?: string;
  /** 1 to 5, 0 for none. */
  rating?: number;
}

/** The number of the fact that has what was typed: a picture that has come so far shows it, or what was typed over it since. */
export interface NoteKept {
  seq: number;
}

/** What a desk is signed in with; empty for nothing. */
export type SignedInWith = "" | "pc" | "browser";

/** A desk that the station has given out. */
export interface DeskEntry {
  id: string;
  name: string;
  roles: Role[];
  studios: string[];
  /** When it was last paired; 0 until it is for the first time. */
  paired: number;
  with: SignedInWith;
  /** When that ends by itself; 0 for never. */
  until: number;
  /** The station's day on which it last asked for something, such as 2026-10-03; empty for never. */
  seen: string;
}

/** A step of the set-up. */
export type SetupStep = "account" | "number" | "dialIn" | "address" | "change" | "try";

/** How Twilio reaches a station: by an address of its own, or a tunnel that Callin keeps up. */
export type PublicKind = "own" | "ngrok" | "cloudflared";

/** How far a set-up is. */
export interface SetupState {
  /** The first that is not settled. Those before it can be done again. */
  step: SetupStep;
  account?: SetupOwner;
  /** The account's. */
  numbers: SetupOwned[];
  number?: string;
  dialIn?: string;
  /** Whether there is one. */
  pin: boolean;
  public: SetupPublic;
  place: SetupPlace;
  /** What will be changed at Twilio, and nothing else. */
  will: SetupChange[];
  /** Stands for will. */
  mark?: string;
  /** What a trial account cannot do at a step, and how a show differs. */
  trial?: Partial<Record<SetupStep, string>>;
  /** Why nothing more is known of the account. */
  trouble?: string;
  /** The public address of another Callin that is alive and has the account's calls. */
  other?: string;
  /** Whether this station runs on the account. */
  connected: boolean;
  /** Whether there is something to put back at Twilio. */
  undoable: boolean;
  /** Where the auth token is, or will be, kept, in words. */
  secrets: string;
  /** The settings that a file or the environment sets: the set-up does not. */
  fixed: string[];
  /** The station begins again now: the page comes back by itself. */
  again?: boolean;
  /** Sentences about what an undo has left as it is. */
  left?: string[];
}

/** Where Twilio is used: its edge and its region, and both in words. */
export interface SetupPlace {
  edge: string;
  region: string;
  said: string;
}

/** Twilio's edges by how far they are from the station's computer, the nearest first. */
export interface SetupEdges {
  edges: SetupEdge[];
  /** The one that is proposed; absent where none is clearly nearer than the one that is used. */
  nearest?: string;
}

/** An edge, and how long the way there and back takes. */
export interface SetupEdge {
  edge: string;
  city: string;
  tookMs: number;
  reached: boolean;
}

/** The account, as Twilio tells. */
export interface SetupOwner {
  sid: string;
  name: string;
  /** Sentences about what kind of account it is and what that means for a show. */
  says: string[];
  trial: boolean;
  /** In currency (ISO 4217), such as 12.34; absent where Twilio does not tell. */
  balance?: string;
  currency?: string;
}

/** A number of the account. */
export interface SetupOwned {
  number: string;
  name?: string;
  /** A sentence about where its calls go today; used is whether that is somewhere. */
  now: string;
  used: boolean;
}

/** Where Twilio reaches the station. */
export interface SetupPublic {
  kind?: PublicKind;
  address?: string;
  /** A tunnel's reserved one. */
  domain?: string;
  /** What a proxy or port forward leads to on the station's computer. */
  forward: string;
  /** Configurations for the usual proxies. */
  proxies: SetupProxy[];
  /** Twilio is a stand-in on the station's computer, which needs neither a tunnel nor a proxy. */
  within?: boolean;
  /** Whether Callin answers there, fetched through the address itself. */
  seen: boolean;
  tookMs?: number;
  /** Why it does not. */
  trouble?: string;
}

export interface SetupProxy {
  name: string;
  text: string;
}

/** Something at Twilio that the set-up changes or makes. */
export interface SetupChange {
  /** Such as: the number +1 202 555 0100. */
  what: string;
  made?: boolean;
  fields: SetupField[];
}

/** One field of it, by a person's name for it; from is empty for nothing. */
export interface SetupField {
  name: string;
  from: string;
  to: string;
}

/** A number to buy: price is what it costs a month; absent where Twilio does not tell, and it is not sold here then. */
export interface SetupOffer {
  number: string;
  place?: string;
  price?: string;
  currency?: string;
}

/** What a doctor has found of the station, and what to hang on the studio's wall. */
export interface Checkup {
  findings: Finding[];
  sheet: Emergency;
}

/** One thing that was looked at: what is a sentence about it, do the one thing to do. */
export interface Finding {
  id: string;
  state: FindingState;
  what: string;
  do?: string;
  tookMs: number;
}

/** What only a page can look at. */
export type PageLine = "microphone" | "output" | "sound" | "signalling" | "lanes" | "ducking";

/** A finding of a page's. */
export interface PageFinding {
  id: PageLine;
  state: FindingState;
  what: string;
  do?: string;
  tookMs: number;
}

/** unlooked: it was not looked at, and what says why. */
export type FindingState = "fine" | "wrong" | "unlooked";

/** How a show goes on by telephone, and what a network must let through. */
export interface Emergency {
  station: string;
  studios: EmergencyStudio[];
  /** Says where the PIN is. */
  pin: string;
  address: string;
  firewall: string[];
}

export interface EmergencyStudio {
  name: string;
  number: string;
  /** Absent where it has none. */
  dialIn?: string;
}

/** What a manager sees of the desks. */
export interface DeskList {
  desks: DeskEntry[];
  /** Roll-out keys, with those that have ended of late. */
  keys: KeyEntry[];
  /** Those that the station has, the first one first. */
  studios: StudioName[];
  /** Where they find the station; none when it has no door for them. */
  addresses: string[];
  /** What a PC that is paired must show too; absent where the door's certificate is trusted anyway. */
  words?: string;
}

/** A roll-out key: what each PC gets that becomes a desk by it, how many may and how many have. */
export interface KeyEntry {
  id: string;
  roles: Role[];
  studios: string[];
  pcs: number;
  used: number;
  until: number;
  /** When it was; 0 for not. */
  revoked: number;
}

/** A roll-out key that was made; its text is told this once. */
export interface NewKey {
  id: string;
  text: string;
}

/** What a studio is called. */
export interface StudioName {
  id: string;
  name: string;
}

/** What pairs a desk, once, in groups as it is read out. */
export interface DeskCode {
  desk: string;
  code: string;
  until: number;
}

/** The body of each operation. */
export interface Bodies {
  open: Empty;
  close: Empty;
  /** Whom the page showed as the next and as those who are dropped: nobody else is. */
  next: { expect?: Sid; drops?: Sid[]; lane?: string };
  /** at: where the page showed the caller; one who is elsewhere is left alone. */
  /** over: takes the caller from another desk that has them. */
  take: { call: Sid; at?: Place; over?: boolean; lane?: string };
  deck: { call: Sid; at?: Place; over?: boolean; lane?: string };
  /** From one lane to another. */
  lane: { call: Sid; at?: Place; over?: boolean; lane?: string };
  hold: { call: Sid; at?: Place; over?: boolean };
  resume: { call: Sid; at?: Place; over?: boolean };
  /** Onto this desk's own line, to be screened. */
  answer: { call: Sid; at?: Place; over?: boolean };
  talk: { call: Sid; at?: Place; over?: boolean };
  /** To those who are ready for the air. */
  ready: { call: Sid; at?: Place; over?: boolean };
  /** To those who wait to be screened. */
  back: { call: Sid; at?: Place; over?: boolean; reason?: string };
  /** Lets the caller leave a message. */
  message: { call: Sid; at?: Place; over?: boolean };
  /** To another studio. */
  give: { call: Sid; at?: Place; over?: boolean; studio?: string };
  bringBack: { line: string };
  drop: { call: Sid; at?: Place; over?: boolean; farewell?: Farewell };
  undo: { call: Sid };
  lock: { call: Sid; on: boolean };
  move: { call: Sid; queue: string; at?: Place };
  order: { call: Sid; before?: Sid };
  /** To the head of the queue that feeds the air, to stay there. */
  makeNext: { call: Sid };
  /** Before all whom no host made next. */
  propose: { call: Sid };
  /** After all who wait to be screened. */
  notNow: { call: Sid };
  note: NoteBody;
  /** To the other desks of the studio; toHost: no host may miss it. */
  say: { text: string; toHost?: boolean };
  /** A host has seen it. */
  seen: { seq: number };
  /** Says what is sent of this page's microphone, and which request it did last. */
  microphone: { call: Sid; muted: boolean; sound: Sound; obeyed?: number };
  /** Asks the page that has a phone, and waits until it was done. */
  mute: { call: Sid; on: boolean };
  unlockPin: Empty;
  /** Takes the account's calls from another Callin. */
  takeOver: Empty;
  /** Ends every browser's session, also this one's. */
  signOut: Empty;
  desks: Empty;
  /** Without studios, for all. */
  deskAdd: { name: string; roles: Role[]; studios?: string[] };
  deskCode: { desk: string };
  /** What is not there stays as it is. */
  deskChange: { desk: string; name?: string; roles?: Role[]; studios?: string[] };
  /** Ends the desk, at once. */
  deskRevoke: { desk: string };
  /** Ends what the desk is signed in with. */
  deskSignOut: { desk: string };
  /** A key by which so many PCs become desks until then, each named after the PC. */
  keyAdd: { roles: Role[]; studios?: string[]; pcs: number; until: number };
  /** Ends a roll-out key; the desks that it has made stay. */
  keyRevoke: { key: string };
  /** Looks the station over; a terminal has the open pages look too. */
  doctor: { pages?: boolean };
  /** What this page has found, because the feed asked. */
  looked: { look: string; findings: PageFinding[] };
  /** Asks Twilio anew what it costs. */
  costs: Empty;
  /** An amount a month, as a person wrote it; empty for no limit. */
  costLimit: { limit?: string };
  /** How far the set-up of an account is. */
  setup: Empty;
  setupAccount: { sid: string; token: string };
  setupNumber: { number: string };
  /** Numbers to buy in a country, of ISO 3166. */
  setupOffers: { country: string; contains?: string; tollFree?: boolean };
  /** At the price that was shown. */
  /** For the DJ, if dialIn; else for listeners. */
  setupBuy: { number: string; price: string; dialIn?: boolean };
  /** Without a number there is none; without a PIN it stays as it is. */
  setupDialIn: { number?: string; pin?: string };
  /** Without a token it stays as it is. */
  setupAddress: { kind: PublicKind; address?: string; token?: string; domain?: string };
  setupEdges: Empty;
  /** The token is the auth token of another region than before. */
  setupPlace: { edge: string; region: string; token?: string };
  /** Changes what the mark stands for; over takes the calls from another Callin that is alive. */
  setupDo: { mark: string; over?: boolean };
  /** Has Twilio call a telephone, which hears the station. */
  setupCall: { number: string };
  /** Has the station begin again with another API key at Twilio; the one before is revoked. */
  setupKey: Empty;
  setupUndo: Empty;
  voicemailDelete: { recording: string };
  shows: Empty;
  record: { show: number; search?: string; failed?: boolean; before?: number };
  sheet: { show: number };
  curve: { show: number };
  saveRecord: { show: number; format: Format };
  tracks: { show: number };
  /** By its name in the list. */
  saveTrack: { show: number; file: string };
  /** Deletes a person's data. */
  forget: { number: string };
  /** A person takes this phone off the line. */
  takeLanes: { byItself: boolean };
  letPhoneGo: { call: Sid };
  token: Empty;
  /** A pass by which a page tries the way to Twilio, and is on no line. */
  phoneCheck: Empty;
  /** Whether the words of the certificate are those on the station's screen. */
  sameWords: { same: boolean };
  /** Makes sound of a sentence, with the computer's own speech program. */
  speak: { text: string };
  stageRing: { count: number; name?: string; number?: string };
  stageHangup: { call: Sid };
  stageHangupAll: Empty;
  stageTrouble: { kind: StageTrouble; seconds: number };
  stageMend: Empty;
  /** Has a newer version of this computer's Callin be looked for. */
  updateLook: Empty;
  /** Has that version take this one's place; what comes of it is told by the feed. */
  update: { version: string };
}

export type Empty = Record<string, never>;

/** The result of the operations that have more to say than that they were done. */
export interface Results {
  next: Begun;
  take: Begun;
  deck: Begun;
  lane: Begun;
  hold: Begun;
  resume: Begun;
  drop: Begun;
  answer: Begun;
  talk: Begun;
  ready: Begun;
  back: Begun;
  message: Begun;
  give: Begun;
  undo: Begun;
  move: Begun;
  note: NoteKept;
  token: PhonePass;
  phoneCheck: PhonePass;
  desks: DeskList;
  deskAdd: DeskCode;
  deskCode: DeskCode;
  keyAdd: NewKey;
  doctor: Checkup;
  setup: SetupState;
  setupAccount: SetupState;
  setupNumber: SetupState;
  setupOffers: { offers: SetupOffer[] };
  setupBuy: SetupState;
  setupDialIn: SetupState;
  setupAddress: SetupState;
  setupEdges: SetupEdges;
  setupPlace: SetupState;
  setupDo: SetupState;
  setupCall: SetupState;
  setupKey: SetupState;
  setupUndo: SetupState;
  shows: { shows: Edition[] };
  record: RecordPage;
  sheet: Sheet;
  curve: Curve;
  saveRecord: { path: string };
  tracks: TracksOf;
  saveTrack: { path: string };
  /** A WAVE file, in base 64. */
  speak: { wave: string };
  /** How many calls were blanked, and the saved files and damaged journals that may have the person too. */
  forget: { calls: number; files: SavedFile[]; aside: string[] };
}

export type Operation = keyof Bodies;
export type Result<O extends Operation> = O extends keyof Results ? Results[O] : unknown;
