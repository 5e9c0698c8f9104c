/** Namespaces of a server that we are connected to. */
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

// start-dev's own namespace forgets a finished run after a day. A quarter is longer than a feature's branch lives.
const retention = '90 days';

// gRPC's status codes, https://grpc.github.io/grpc/core/md_doc_statuscodes.html
const notFound = 5;
const alreadyExists = 6;

// Of a local server, or one that a person configured: a request that takes longer hangs.
const requestMs = 10_000;

/** Makes the namespace when it is missing, and returns when the server answers a request for it. */
export async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  const service = connection.workflowService;
  await connection.withDeadline(Date.now() + requestMs, async () => {
    try {
      await service.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(retention) });
    } catch (error) {
      if (!isGrpcServiceError(error) || error.code !== alreadyExists) throw error;
    }
    // Registering and describing go to the database; counting goes through what a workflow's start goes through.
    await service.countWorkflowExecutions({ namespace });
  });
}

/** Whether the server says that there is no such namespace. An answer that we may not know counts as no. */
export async function isNamespaceMissing(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + requestMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return false;
  } catch (error) {
    return isGrpcServiceError(error) && error.code === notFound;
  }
}
