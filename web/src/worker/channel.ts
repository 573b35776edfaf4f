/**
 * The worker's end of its channel to the page. Python can reach everything in this worker, except what is in a closure.
 * So the port is in one, with the browser's functions as they were before Python could replace them.
 */

export interface Message {
  type: string;
  id: number | null;
  payload: never;
}

export interface Channel {
  post(type: string, id: number | null, payload: unknown, transfer?: Transferable[]): void;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Hear messages, and of those that cannot be read here. */
  listen(handle: (message: Message) => void, unreadable: () => void): void;
}

/** Put a port into a closure. Call it before any Python runs. */
export function openChannel(port: MessagePort): Channel {
  const send = MessagePort.prototype.postMessage.bind(port) as (message: unknown, transfer: Transferable[]) => void;
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data")?.get as () => unknown;
  const apply = Reflect.apply;
  return {
    post: (type, id, payload, transfer = []) => send({ type, id, payload }, transfer),
    postMessage: (message, transfer = []) => send(message, transfer),
    listen(handle, unreadable) {
      port.onmessageerror = () => unreadable();
      // The event refers to the port, so it must not be handed on.
      port.onmessage = (event) => handle(apply(data, event, []) as Message);
    },
  };
}
