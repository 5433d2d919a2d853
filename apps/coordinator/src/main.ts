import { fileURLToPath } from 'node:url';
import { createEvaluator } from '@sotto/learner/evaluate';
import { InvariantError } from '@sotto/protocol/rejection';
import { tellAddresses } from './address-file.ts';
import { createDoor } from './admission/door.ts';
import { createThreadEngine } from './aggregation/threads.ts';
import { makeBackup } from './backup.ts';
import { createDiskRoom, diskOf } from './blobs/disk-room.ts';
import { createFileBlobs, probeBlobs, sweep } from './blobs/files.ts';
import { createBorder } from './border/border.ts';
import { type Clock, systemClock } from './clock.ts';
import { createClosing } from './closing.ts';
import type { Config } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { createDesk, type Desk } from './desk/desk.ts';
import { createSessions, type Presence } from './desk/sessions.ts';
import { createDraining, drainingDesk } from './draining.ts';
import { type Failpoint, failingBlobs, failingEngine, failingStore, statementFailpoints } from './failpoints.ts';
import { createFaults } from './faults.ts';
import { bearerOf } from './http/bearer.ts';
import { securityHeaders } from './http/headers.ts';
import { createLocalDevices, type StartDevices } from './http/local-devices.ts';
import { allowHost, allowOrigin } from './http/origin.ts';
import { createHttpServer } from './http/server.ts';
import { openIdentity } from './identity.ts';
import { listen, readTls } from './listening.ts';
import { createLog, type Log } from './log.ts';
import { measuredBlobs, measuredDesk, measuredStore } from './metrics/measured-ports.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createMirror } from './metrics-out/mirror.ts';
import { createMlflow } from './metrics-out/mlflow.ts';
import { createModels } from './models/models.ts';
import { createReadiness } from './readiness.ts';
import { createAdminHints } from './rounds/admin-hints.ts';
import { createLiveNews } from './rounds/live-news.ts';
import type { OpenedRound } from './rounds/round-ports.ts';
import { createRuns, type Runs } from './rounds/runs.ts';
import { createStatusHints } from './rounds/status-hints.ts';
import { createOpenId } from './sign-in/openid.ts';
import { ADMIN_COOKIE, cookieOf, createAdminSessions, nameOf } from './sign-in/sessions.ts';
import { forgetSignInTokens, makeSignInToken, useSignInToken } from './sign-in/tokens.ts';
import { openSocket, type SocketBorder } from './socket/socket.ts';
import { StartError } from './start-error.ts';
import { openDatabase, probeDatabase } from './store/database.ts';
import { createSqlStore } from './store/sql-store.ts';
import { copySqlite } from './store/sqlite.ts';
import { openStudyKey } from './study-key.ts';
import { createAuthoring } from './tasks/authoring.ts';
import { makeFirstModel, makeInitialModel } from './tasks/initial-model.ts';
import { countParameters } from './tasks/parameters.ts';
import { openRegistry } from './tasks/registry.ts';
import { createSampleThread } from './tasks/sample-thread.ts';
import { createSamples } from './tasks/samples.ts';
import { createTaskFiles } from './tasks/task-files.ts';
import { loadTasks, type Task } from './tasks/tasks.ts';
import { isUnavailable } from './unavailable.ts';

export interface CoordinatorOptions {
  /** Starts headless participants on this machine, for the admin page. */
  readonly startDevices?: StartDevices;
  readonly clock?: Clock;
  /** Simulations only: sees each opened sum, level by level. */
  readonly onOpened?: (opened: OpenedRound) => void;
  /**
   * Simulations only: who of those present is there for a round, and in which order. With it no device is held unreliable for having been
   * silent, so that chance decides nothing about who is chosen but by the seed.
   */
  readonly arrange?: (present: readonly Presence[]) => Presence[];
  readonly logger?: Log;
  /** Tests: makes sure of every answer over HTTP that it is as declared. */
  readonly checkAnswers?: boolean;
  /** Task folders are looked for in these; default: the repository's. */
  readonly tasksDirs?: readonly string[];
  /** Folder of the built web app; default: the repository's. */
  readonly pages?: string;
  /** Tests of crashes only. */
  readonly failpoint?: Failpoint;
}

export interface Coordinator {
  /** Where people reach it: the public URL's origin. */
  readonly url: string;
  /** Where it listens on this machine. */
  readonly localUrl: string;
  /** Its Ed25519 public key, hex. */
  readonly coordinatorKey: string;
  readonly adminToken: string;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly runs: Runs;
  readonly desk: Desk;
  readonly onRound: Runs['onRound'];
  close(): Promise<void>;
}

const TASKS = fileURLToPath(new URL('../../../tasks', import.meta.url));
const PAGES = fileURLToPath(new URL('../../web/dist', import.meta.url));

/**
 * Puts the coordinator together and starts it.
 * @throws StartError with a message for people: a taken port, a folder that cannot be used, a bad task.
 */
export async function startCoordinator(config: Config, options: CoordinatorOptions = {}): Promise<Coordinator> {
  const clock = options.clock ?? systemClock;
  const log = options.logger ?? createLog(config.log);
  const tls = config.tls && readTls(config.tls);
  const tasksDirs = [...(options.tasksDirs ?? [TASKS]), ...(config.tasksDir === null ? [] : [config.tasksDir])];
  const folders = loadTasks(tasksDirs, (message) => log.warn(message));

  const folder = openDataFolder(config.dataDir, config.databaseUrl === null ? 'sqlite' : 'postgres');
  const { failpoint } = options;
  const database = await openDatabase(
    { url: config.databaseUrl?.reveal() ?? null, path: folder.database },
    statementFailpoints(failpoint),
  );
  const metrics = createMetrics();
  const draining = createDraining();
  const faults = createFaults(clock, log);
  const measured = measuredStore(failingStore(createSqlStore(database), failpoint), metrics);
  const store = faults.watch('database', measured, () => probeDatabase(database));
  const { add: closing, close } = createClosing();
  closing(() => store.close(), faults.close);
  try {
    const identity = await openIdentity(folder.path, await store.recall('coordinator'), failpoint);
    if ((await store.remember('coordinator', identity.publicKey)) !== identity.publicKey)
      throw new StartError(
        `${folder.path}/coordinator.key is not the key this data folder was made with. Restore it from a backup, or choose another SOTTO_DATA_DIR.`,
      );
    const study = await openStudyKey(store, config.studyKey, clock.now);
    await sweep(folder.path);
    const files = createFileBlobs(folder.blobs, failpoint);
    const onDisk = <Port extends object>(port: Port) => faults.watch('data folder', port, () => probeBlobs(files));
    const disk = onDisk({ disk: () => diskOf(folder.path) });
    const blobs = onDisk(measuredBlobs(failingBlobs(files, failpoint), metrics));
    const engine = onDisk(failingEngine(createThreadEngine({ folder: folder.blobs, failpoint }), failpoint));
    const evaluator = createEvaluator();
    closing(
      () => engine.close(),
      () => evaluator.dispose(),
    );
    const room = createDiskRoom({ blobs, ...disk, quota: config.diskQuota, now: clock.now });
    const taskFiles = createTaskFiles({ store, blobs, room, folder: folder.blobs, now: clock.now });
    await taskFiles.tidy();
    const counted = (task: Task) => countParameters({ store, makeInitialModel, now: clock.now }, task);
    const registry = await openRegistry({ store, files: taskFiles, countParameters: counted }, folders);
    const { tasks, parameters } = registry;

    const border = createBorder({ ...config, log, clock, onRejected: metrics.rejected });
    closing(() => border.refusals.close());
    const sessions = createSessions(options.arrange);
    const runs = createRuns({
      store: options.arrange ? { ...store, silentDevices: async () => new Set() } : store,
      blobs,
      engine,
      clock,
      signer: identity,
      log,
      sessions,
      tasks,
      parameters,
      studyKey: study.current,
      taskAt: registry.at,
      makeInitialModel: makeFirstModel,
      isDraining: draining.isOn,
      async evaluate(task, blob) {
        const model = await blobs.read(blob);
        if (!model) throw new InvariantError(`${blob} is not among the blobs`);
        await failpoint?.('evaluate:before');
        const evaluation = await evaluator.judge({ model, dataset: tasks.get(task)!.data.test() });
        await failpoint?.('evaluate:after');
        return evaluation;
      },
      onOpened: options.onOpened,
    });

    const ownDesk = createDesk({
      coordinator: identity.publicKey,
      studyKey: study.current,
      examplesOf: registry.examplesOf,
      runs,
      sessions,
      store,
      blobs,
      room,
      engine,
      clock,
      log,
    });
    const desk = drainingDesk(measuredDesk(ownDesk, metrics), draining);
    const problems = createReadiness({ store, blobs, log, isDraining: draining.isOn, failing: faults.failing });
    closing(metrics.watch({ tasks: () => tasks.keys(), runs, sessions, folder: folder.path, problems }));
    const door = createDoor({ store, desk, studyKey: study.current, clock });
    const sampleThread = createSampleThread();
    closing(() => sampleThread.close());
    const admins = createAdminSessions(store, clock);
    let tellAdmins: SocketBorder['tellAdmins'] = () => {};
    const live = createLiveNews({ runs, now: clock.now });
    const adminHints = createAdminHints({ runs, live, tell: (name, news) => tellAdmins(name, news) });
    const audit = async (who: string | undefined, action: string, detail: unknown) => {
      await store.audit(clock.now(), who ?? 'nobody', action, detail);
      adminHints.changed('audit');
    };
    // Who may do what, as the provider and the settings see it now, is looked at when they sign in.
    await store.endSessions('provided');
    forgetSignInTokens(folder.path);
    const adminToken = makeSignInToken(folder.path, 'admin', null);
    const isCollector = bearerOf(config.metricsToken?.reveal() ?? null);
    let publicUrl = config.publicUrl ?? '';
    let localUrl = '';
    const devices = createLocalDevices(options.startDevices, () => localUrl);
    closing(() => devices.stop());
    // Whatever host a page may be loaded from, it may also speak from.
    const allowsOrigin = (origin: string | undefined) =>
      [publicUrl, localUrl].some((url) => url !== '' && allowOrigin(url)(origin));
    const allowsHost = (host: string | undefined) => localUrl !== '' && allowHost([publicUrl, localUrl])(host);
    const app = await createHttpServer({
      tasks,
      parameters,
      runs,
      sessions,
      store,
      blobs,
      samples: createSamples(sampleThread.encode),
      files: taskFiles,
      authoring: createAuthoring({
        store,
        files: taskFiles,
        registry,
        runs,
        review: (task) => desk.review(task, null),
        makeInitialModel,
        evaluator,
        now: clock.now,
      }),
      coordinator: identity.publicKey,
      studyKey: study.current,
      study,
      publicUrl: () => publicUrl,
      now: clock.now,
      localDevices: () => devices.ids(),
      admins,
      door,
      desk,
      devices,
      async whoIs(request) {
        if (isCollector(request.headers.authorization)) return { role: 'collector' };
        const person = await admins.whoIs(cookieOf(request.headers.cookie, ADMIN_COOKIE));
        return person ? { role: person.role, who: nameOf(person) } : null;
      },
      useToken: (token, grant) => useSignInToken(folder.path, token, clock.now(), grant),
      openId: config.openId && createOpenId(config.openId, clock, log),
      audit: (caller, action, detail) => audit(caller?.who, action, detail),
      checkAnswers: options.checkAnswers,
      changed: adminHints.changed,
      live,
      models: createModels({ tasks, runs, store, blobs, evaluator, coordinator: identity.publicKey, now: clock.now }),
      secure: () => publicUrl.startsWith('https:'),
      problems,
      metrics: metrics.text,
      backUp: () =>
        makeBackup({
          folder,
          copyDatabase: config.databaseUrl === null ? (file) => copySqlite(database, file) : null,
          now: clock.now,
        }),
      instruments: metrics,
      draining,
      border,
      log,
      allowsOrigin,
      allowsHost,
      tls,
      pages: options.pages ?? PAGES,
    });
    closing(() => app.close());
    const socket = openSocket({
      server: app.server,
      desk,
      border,
      log,
      allowsOrigin: (origin) => !draining.isOn() && allowsOrigin(origin),
      allowsHost,
      headers: () => securityHeaders(publicUrl),
      isAdmin: async (cookies) => (await admins.whoIs(cookieOf(cookies, ADMIN_COOKIE))) !== undefined,
    });
    closing(() => socket.close());
    tellAdmins = socket.tellAdmins;
    closing(createStatusHints({ runs, sessions }), adminHints.close, desk.close, runs.close, drain);

    await runs.start();
    if (config.mlflow) {
      const mirror = createMirror(createMlflow(config.mlflow), { runs, clock, log });
      closing(mirror.close);
      metrics.mirrored(mirror.pending);
    }
    localUrl = await listen(app, config);
    publicUrl = config.publicUrl ?? localUrl;
    closing(tellAddresses(folder.path, { local: localUrl, public: publicUrl }));
    log.info({ url: publicUrl, tasks: [...tasks.keys()] }, 'the coordinator is up');
    return {
      url: publicUrl,
      localUrl,
      coordinatorKey: identity.publicKey,
      adminToken,
      tasks,
      runs,
      desk,
      onRound: runs.onRound,
      close,
    };

    /** Everybody is told to come back later, and whoever waits for an answer gets it. */
    async function drain(): Promise<void> {
      draining.begin();
      await desk.farewell();
      const left = await draining.settled(config.drainMs);
      if (left > 0) log.warn({ left }, 'stopping although not everything that was under way is done');
    }
  } catch (error) {
    await close().catch((cause: unknown) => log.error({ err: cause }, 'what was started could not all be closed'));
    throw isUnavailable(error) ? new StartError(error.message, { cause: error }) : error;
  }
}
