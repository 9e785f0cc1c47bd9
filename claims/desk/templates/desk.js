// Keeps what is written on a claim while it is written. Without it, the button "draft" does.
const form = document.querySelector("form[data-drafts]");
if (form) {
  let timer = 0;
  let sent = false;
  let kept = written();

  function written() {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "draft");
    return fields.toString();
  }

  function keep() {
    clearTimeout(timer);
    const now = written();
    if (sent || now === kept) return;
    kept = now;
    fetch(form.action, {
      method: "POST", body: new URLSearchParams(now), keepalive: true, redirect: "manual",
    }).catch(() => { kept = ""; });
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pagehide", keep);
}
