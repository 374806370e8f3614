// What a connector, an agent and stores must do, as checks for any test runner
export { agentContract, type AgentHarness } from './agent-contract.ts';
export { connectorContract, type ConnectorHarness } from './connector-contract.ts';
export { storesContract } from './stores-contract.ts';
export type { StoresHarness } from './stores-harness.ts';
export type { Check } from './checks.ts';

// Counterparts
export { memoryStores } from './memory-stores.ts';
export { ada, recordingConnector, type RecordingConnector, type ShownPrompt } from './recording-connector.ts';
