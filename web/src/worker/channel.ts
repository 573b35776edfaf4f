/**
 * The worker's end of its line to the page. Python can reach everything in this worker but what a closure holds: so the
 * port is in one, and so are the browser's own functions, as they were before Python could put others in their place.
 */

export interface Message {
  type: string;
  id: number | null;
  payload: never;
}

export interface Channel {
  post(type: string, id: number | null, payload: unknown, transfer?: Transferable[]): void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  listen(handle: (message: Message) => void): void;
}

/** Take hold of a port. To be called before any Python runs. */
export function openChannel(port: MessagePort): Channel {
  const send = MessagePort.prototype.postMessage.bind(port) as (message: unknown, transfer: Transferable[]) => void;
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data")?.get as () => unknown;
  const apply = Reflect.apply;
  return {
    post: (type, id, payload, transfer = []) => send({ type, id, payload }, transfer),
    postMessage: (message, transfer = []) => send(message, transfer),
    listen(handle) {
      // The event holds the port, so it goes nowhere else.
      port.onmessage = (event) => handle(apply(data, event, []) as Message);
    },
  };
}
