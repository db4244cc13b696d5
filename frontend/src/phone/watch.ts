import type { Look } from "./sound";

/** How often is looked, in ms. */
const every = 400;

/** The track that a connection sends: the leg's own microphone, whatever page shows what. */
export const sentTrack = (peer: RTCPeerConnection): MediaStreamTrack | undefined =>
  peer.getSenders().find((s) => s.track?.kind === "audio")?.track ?? undefined;

/**
 * Looks at a connection's sound again and again. alive is asked whether the
 * microphone's samples differ, where the browser does not count their energy. microphone is the one
 * that is mixed into what is sent, whose energy then is another; undefined where it is sent itself.
 * Returns a function that ends it.
 */
export function watchSound(
  peer: RTCPeerConnection,
  alive: () => boolean | undefined,
  microphone: () => MediaStreamTrack | undefined,
  onLook: (look: Look, track: MediaStreamTrack | undefined) => void,
): () => void {
  let energy = -1;
  let over = false;
  const look = async () => {
    const stats = await peer.getStats().catch(() => undefined);
    const track = microphone() ?? sentTrack(peer);
    if (over || !stats) return;
    const now: Look = {
      at: performance.now(),
      packetsReceived: 0,
      packetsSent: 0,
      ended: track?.readyState !== "live",
      muted: track?.enabled === false,
      alive: alive(),
    };
    for (const report of stats.values() as Iterable<Record<string, unknown>>) {
      if (report.kind !== "audio") continue;
      if (report.type === "inbound-rtp") now.packetsReceived += Number(report.packetsReceived ?? 0);
      if (report.type === "outbound-rtp") now.packetsSent += Number(report.packetsSent ?? 0);
      if (!microphone() && report.type === "media-source" && typeof report.totalAudioEnergy === "number") {
        // No energy at all is a dead microphone; some says nothing about a constant one.
        if (report.totalAudioEnergy === energy) now.alive = false;
        energy = report.totalAudioEnergy;
      }
    }
    onLook(now, track);
  };
  const timer = setInterval(look, every);
  void look();
  return () => {
    over = true;
    clearInterval(timer);
  };
}
