/**
 * Variables under which onnxruntime collects nothing: without them it keeps an identifier of the machine and a store of
 * events in the home folder, and tries to send program path, processor and the graph's name. They have to stand before
 * its first session. The first name is that of version 1.30, the second that of later ones. On Windows it writes trace
 * events of the system instead, which no variable turns off.
 */
export const quietRuntime: Readonly<Record<string, string>> = {
  ORT_DISABLE_TELEMETRY: '1',
  ORT_TELEMETRY_DISABLED: '1',
};
