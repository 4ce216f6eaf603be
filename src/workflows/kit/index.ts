/** What a workflow module imports: `hookyard/workflow`. */
export type {
  ArtifactNeeded,
  ArtifactOptions,
  ArtifactResult,
  CacheMoved,
  CacheOptions,
  CacheResult,
  CheckoutOptions,
  CommentResult,
  ContainerImage,
  HashedFiles,
  HostToken,
  IdToken,
  JobResult,
  JobRunner,
  JobStep,
  MirrorResult,
  OutboundResult,
  RecordResult,
  RemoteBuildOutcome,
  SecretName,
  StatusResult,
  StepResult,
  StepRetries,
  VariableValue,
} from '../../activities/contract/index.js';
export { describe } from '../../events/describe.js';
export type {
  BranchDeletedEvent,
  ChainedEvent,
  Command,
  CommentEvent,
  Commit,
  DeploymentEvent,
  GenericEvent,
  HookyardEvent,
  InputValue,
  ManualEvent,
  MergeGroupEvent,
  PullRequest,
  PullRequestAction,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  Repository,
  RepositoryEvent,
  ReviewEvent,
  RunOutcome,
  ScheduleEvent,
  Sender,
  Stack,
  StatusEvent,
  SupersededEvent,
  TagDeletedEvent,
  TagEvent,
} from '../../events/event.js';
export { plain } from '../../events/markdown.js';
export type { Concurrency, LaneScope, OnBusy } from '../../lanes/concurrency.js';
export type { AnswerWay, GivenApproval } from '../../runs/approval.js';
export {
  type CommentOptions,
  type CompletedOptions,
  type CronOptions,
  comment,
  completed,
  cron,
  type DeploymentOptions,
  deployment,
  type GenericOptions,
  generic,
  type MergeGroupOptions,
  manual,
  mergeGroup,
  type PullRequestOptions,
  type PushOptions,
  pullRequest,
  push,
  type ReleaseOptions,
  type RepositoryScope,
  type ReviewOptions,
  release,
  review,
  type ScopeOptions,
  type SourceScope,
  type StatusOptions as StatusTriggerOptions,
  scope,
  status,
  type TagOptions,
  tag,
} from '../../triggers/index.js';
export type { InputSpec, InputSpecs, InputsOf } from '../../triggers/inputs.js';
export { TriggerError } from '../../triggers/options.js';
export type { Trigger } from '../../triggers/trigger.js';
export { type AutomationFunction, automation } from '../run/automation.js';
export type { AutomationOptions } from '../run/automation-options.js';
export type { DebounceOptions } from '../run/debounce-options.js';
export type { RunResult } from '../run/progress.js';
export type { Delivered, Raw } from '../run/raw.js';
export { type ApprovalAsking, type ApprovalOptions, type ApprovalResult, approval } from './approval.js';
export { type ArtifactSource, artifact } from './artifact.js';
export { branchHead } from './branch-head.js';
export type { BranchHead, BuildableEvent, LeadingEvent, PlacelessEvent, TagHead } from './buildable-event.js';
export { type Change, changeOf } from './change-of.js';
export { type HeadPlace, headOf } from './head-of.js';
export { type IdTokenOptions, idToken } from './id-token.js';
export { hashFiles, type JobOptions, secret } from './job-options.js';
export { localActivities } from './local-activities.js';
export { type CellResult, type MatrixResult, matrix } from './matrix.js';
export type { MatrixCell, MatrixOptions } from './matrix-options.js';
export { notify, slackText } from './notify.js';
export { outcome } from './outcome.js';
export type { PipelineOptions } from './pipeline.js';
export { protect } from './protect.js';
export { type CommentOptions as ReportCommentOptions, report, type StatusOptions } from './report.js';
export { runJob } from './run-job.js';
export { sync } from './sync.js';
export type { TriedJob } from './tries.js';
export { type GithubActionsOptions, type HttpBuildOptions, triggerBuild } from './trigger-build.js';
export { type WaitOptions, waitFor } from './wait-for.js';
export { webhook } from './webhook.js';
