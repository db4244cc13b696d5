/**
 * Draws again and again, with pauses in ms, while the element is in view: what is not seen costs nothing. Not in
 * every frame: without a graphics card each one is drawn by the processor. Returns what ends it.
 */
export function whileSeen(element: Element, pause: number, draw: (at: number) => void): () => void {
  let frame = 0;
  let next: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(next);
  };
  const soon = () => {
    // None comes while the page is hidden.
    frame = requestAnimationFrame((at) => {
      draw(at);
      next = setTimeout(soon, pause);
    });
  };
  const observer = new IntersectionObserver((seen) => {
    stop();
    if (seen.at(-1)?.isIntersecting) soon();
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    stop();
  };
}
