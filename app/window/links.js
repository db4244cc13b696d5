// Links leave the window for the system's browser: no foreign page may load in
// the window, where every permission is granted.
(() => {
  const leave = (address) => {
    const url = new URL(address, document.baseURI);
    if (url.origin === location.origin) return false;
    window.go.window.Door.OpenLink(url.href).catch(() => {});
    return true;
  };
  const follow = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link && (leave(link.href) || link.target === "_blank")) event.preventDefault();
  };
  addEventListener("click", follow, true);
  addEventListener("auxclick", follow, true);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
  window.open = (address) => {
    leave(address);
    return null;
  };
})();
