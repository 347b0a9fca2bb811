// A picture is drawn anew before anything keeps it: smaller, and without where and when it was taken.
import { sha256 } from "./seal.js";

const LONGEST = 1600; // pixels, as the office keeps it
const QUALITY = 0.82;
export const ROOM = 50_000_000; // bytes that must be free before another picture is taken

export async function redrawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { bytes, sha256: await sha256(bytes) };
}

// Free space in bytes; Infinity where the browser does not say.
export async function room() {
  const said = await navigator.storage?.estimate?.();
  return said?.quota ? said.quota - said.usage : Infinity;
}
