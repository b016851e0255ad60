// An answer that comes at once is drawn at once: in one go.
//
// Streamlit 1.67 answers a press with a dozen messages: a run begins, this is what it wrote, it is over. React takes up
// the first while the others are still under way, and goes through the whole page three times where once would do; the
// others wait meanwhile. So while the answer of a fragment comes in, the next task of React is put off until the run is
// over, or for MOST milliseconds. What React draws without a task, which is what answers a press or a key in the
// browser itself, is not put off, and neither is the run of a whole page: that takes longer, and may show its parts.
// React asks for a task by posting null to a port of its own; if it does so in another way, nothing here has an effect.

const MOST = 40;
const RERUN = 11; // of Streamlit's BackMsg: the field with the state that the script is to rerun with,
const FRAGMENT = 5; // and in there the name of the fragment that is to run alone
const STATUS = 9; // of its ForwardMsg: the field which says that a script is over, or has been running for a while

function drawTogether(page) {
  if (page.vaedemoDrawsTogether) return;
  page.vaedemoDrawsTogether = true;
  const kept = []; // the ports whose task is put off
  const heard = new WeakSet(); // the connections whose messages are looked at
  let timer = null; // while an answer is awaited

  const post = page.MessagePort.prototype.postMessage;
  page.MessagePort.prototype.postMessage = function (...message) {
    if (timer !== null && message.length === 1 && message[0] === null) kept.push(this);
    else post.apply(this, message);
  };
  const draw = () => {
    page.clearTimeout(timer);
    timer = null;
    for (const port of kept.splice(0)) post.call(port, null);
  };

  const send = page.WebSocket.prototype.send;
  page.WebSocket.prototype.send = function (message) {
    if (asksForFragment(message)) {
      timer ??= page.setTimeout(draw, MOST); // the first of several presses sets the time
      if (!heard.has(this)) this.addEventListener("message", ({ data }) => timer !== null && ends(data) && draw());
      heard.add(this);
    }
    send.call(this, message);
  };
}

function asksForFragment(message) {
  const state = message instanceof Uint8Array ? field(message, RERUN) : undefined;
  return field(state, FRAGMENT)?.length > 0;
}

function ends(message) {
  return message instanceof ArrayBuffer && field(new Uint8Array(message), STATUS) !== undefined;
}

// The first field of this number in a message of protobuf's wire format: bytes where it has a length, else a number.
function field(bytes, number) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      value += (bytes[at] & 127) * scale;
      if (bytes[at++] < 128) break;
    }
    return value;
  };
  while (at < bytes?.length) {
    const tag = varint();
    const [found, kind] = [Math.floor(tag / 8), tag % 8];
    let value;
    if (kind === 0) value = varint();
    else {
      const length = { 1: 8, 2: 0, 5: 4 }[kind] || varint();
      value = bytes.subarray(at, (at += length));
    }
    if (found === number) return value;
  }
  return undefined;
}

drawTogether(window);
