/**
 * The opset of ONNX's own operators that a model file asks for, read from the file's outermost message alone (onnx.proto,
 * ModelProto.opset_import = 8, OperatorSetIdProto.domain = 1, version = 2); undefined where there is none.
 * @throws RangeError for bytes that are no such message.
 */
export function opsetOf(model: Uint8Array): number | undefined {
  let opset: number | undefined;
  for (const { field, bytes } of fieldsOf(model)) {
    if (field !== 8 || !bytes) continue;
    let domain = '';
    let version = 0;
    for (const part of fieldsOf(bytes)) {
      if (part.field === 1 && part.bytes) domain = new TextDecoder().decode(part.bytes);
      if (part.field === 2) version = part.value ?? 0;
    }
    if (domain === '' || domain === 'ai.onnx') opset = version;
  }
  return opset;
}

interface Field {
  readonly field: number;
  readonly value?: number;
  readonly bytes?: Uint8Array;
}

/** The fields of one protocol buffer message, in order; nothing is copied. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('Not a protocol buffer message.');
  };
  const skip = (length: number): Uint8Array => {
    if (length > message.length - at) throw new RangeError('Not a protocol buffer message.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 2) yield { field, bytes: skip(varint()) };
    else if (wire === 1) skip(8);
    else if (wire === 5) skip(4);
    else throw new RangeError('Not a protocol buffer message.');
  }
}
