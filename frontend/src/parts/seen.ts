/**
 * Draws again and again, every so many ms, while the element is in view: what is not seen costs nothing. Not in every
 * frame, and no frame is asked for where nothing changes: without a graphics card each one is drawn by the processor.
 * Returns what ends it.
 */
export function whileSeen(element: Element, every: number, draw: (at: number) => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const observer = new IntersectionObserver((seen) => {
    clearInterval(timer);
    if (!seen.at(-1)?.isIntersecting) return;
    timer = setInterval(() => {
      if (!document.hidden) draw(performance.now());
    }, every);
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    clearInterval(timer);
  };
}
