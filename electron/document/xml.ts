import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element without its text: stack.xml has none. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
}

/** The text with what XML 1.0 (section 2.2) cannot hold replaced by U+FFFD. */
export function toXmlText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/gu, '\ufffd');
}

/** Text for an XML attribute; tabs and line ends survive, too. */
export function escapeXml(text: string): string {
  return toXmlText(text).replace(/[&<>"'\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, named) => {
      if (typeof named === 'string') return NAMED[named.toLowerCase()] ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : parseInt(String(hex), 16);
      return code <= 0x10ffff ? toXmlText(String.fromCodePoint(code)) : '\ufffd';
    },
  );
}

/** Attributes live under this key in fast-xml-parser's ordered output. */
const ATTRIBUTES = ':@';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Entities are never expanded by the parser: only the five of XML and character numbers, in `unescapeXml`.
  processEntities: false,
});

/**
 * The root element of an XML text. Throws a SyntaxError on text that is not well formed or that declares a document
 * type: no format read here has one, and entity declarations are how small files become huge.
 */
export function parseXml(text: string): XmlElement {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new SyntaxError('It declares a document type.');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new SyntaxError(valid.err.msg);
  const parsed: unknown = parser.parse(text);
  const roots = elementsOf(parsed);
  const root = roots[0];
  if (!root || roots.length > 1) throw new SyntaxError('It does not have one root element.');
  return root;
}

function elementsOf(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  const elements: XmlElement[] = [];
  for (const node of nodes as unknown[]) {
    if (typeof node !== 'object' || node === null) continue;
    for (const [name, content] of Object.entries(node)) {
      if (name === ATTRIBUTES || name.startsWith('#')) continue;
      const attributes = new Map<string, string>();
      if (ATTRIBUTES in node && typeof node[ATTRIBUTES] === 'object' && node[ATTRIBUTES] !== null)
        for (const [key, value] of Object.entries(node[ATTRIBUTES]))
          attributes.set(key, unescapeXml(String(value)));
      elements.push({ name, attributes, children: elementsOf(content) });
    }
  }
  return elements;
}
