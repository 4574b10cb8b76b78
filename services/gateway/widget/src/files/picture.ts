// The smaller picture that others see before they open a file. The sender's browser makes it: it has the picture in hand, and whatever is in a
// picture is then decoded on the machine of who sent it and never on a server.
const LONGEST_SIDE = 640;
/** A picture not larger than this is its own preview. */
const SMALL_BYTES = 60_000;
const MOST_BYTES = 100_000;

export interface Picture {
  width: number;
  height: number;
  preview?: Blob;
}

/** @returns undefined for what the browser cannot show as a picture */
export async function pictureOf(blob: Blob): Promise<Picture | undefined> {
  if (!/^image\/(jpeg|png|gif|webp|avif)$/.test(blob.type)) return undefined;
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const preview = blob.size > SMALL_BYTES ? await smaller(bitmap) : undefined;
    bitmap.close();
    return { width, height, ...(preview && { preview }) };
  } catch {
    return undefined;
  }
}

async function smaller(bitmap: ImageBitmap): Promise<Blob | undefined> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const paper = canvas.getContext('2d');
  if (!paper) return undefined;
  // A JPEG has no transparency.
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.8, 0.5, 0.2]) {
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (made && made.size <= MOST_BYTES) return made;
  }
  return undefined;
}
