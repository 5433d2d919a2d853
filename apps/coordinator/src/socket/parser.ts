import { Decoder, Encoder } from 'socket.io-parser';

/** The longest honest text is the record of an upload with its boxes' digests. */
const MOST_TEXT = 64 * 1024;

/**
 * Socket.IO's parser with the bounds of our messages: no text is parsed that is longer than any of ours, and none announces more than the
 * one attachment that ours have. What it throws closes the connection.
 */
export const boundedParser = {
  Encoder,
  /** Called with `new` by Socket.IO, for each connection. */
  Decoder: function createDecoder(): Decoder {
    const decoder = new Decoder({ maxAttachments: 1 });
    const add = decoder.add.bind(decoder);
    decoder.add = (received: unknown) => {
      if (typeof received === 'string' && received.length > MOST_TEXT) throw new Error('a text of more than 64 KiB');
      add(received);
    };
    return decoder;
  },
};
