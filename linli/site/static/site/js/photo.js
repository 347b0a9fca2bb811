// A picture is shown, and made small on the telephone, before it is sent over a thin line.
// Drawing it anew also leaves behind where and when it was taken.
const LONGEST = 1600; // pixels, as the server keeps it
const QUALITY = 0.82;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

function show(box, files) {
  box.querySelectorAll("img").forEach((image) => {
    URL.revokeObjectURL(image.src);
    image.remove();
  });
  for (const file of files) {
    const image = document.createElement("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    box.append(image);
  }
}

export function shrink(box) {
  const input = box.querySelector("input[type=file]");
  input.addEventListener("change", async () => {
    const pictures = [...input.files];
    try {
      const small = await Promise.all(pictures.map(smaller));
      const list = new DataTransfer();
      small.forEach((file) => list.items.add(file));
      input.files = list.files;
    } catch {
      // An old browser, or a kind of picture it cannot draw: the server takes it as it is.
    }
    show(box, input.files);
  });
}
