"""The statements that write the log lines of the benchmark, by the format in which they are written.

``EVERYDAY`` is what the functions, services and proxies of a team write; it was at hand when the patterns of
``log_signatures`` were made. ``HELD_OUT`` is in the manner of the systems that public data sets of log parsing are made
of, and was written to see how the patterns do with what they do not know. One form of a date was added since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Statements = Mapping[str, Sequence[str]]
"""Format to what is said in it; the formats are in ``benchmarks/log_lines.py``."""

EVERYDAY: Statements = {
    "platform": (
        "START RequestId: {uuid} Version: $LATEST",
        "END RequestId: {uuid}",
        (
            "REPORT RequestId: {uuid}\tDuration: {decimal} ms\tBilled Duration: {n} ms\tMemory Size: 512 MB\t"
            "Max Memory Used: {few} MB"
        ),
        (
            "REPORT RequestId: {uuid}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 512 MB\t"
            "Max Memory Used: {few} MB\tStatus: timeout"
        ),
        "{time} {uuid} Task timed out after {few}.00 seconds",
        "RequestId: {uuid} Error: Runtime exited with error: signal: killed\nRuntime.ExitError",
        "RequestId: {uuid} Error: Runtime exited with error: exit status 1\nRuntime.ExitError",
    ),
    "powertools": (
        "payment {payment} refused by the bank after {duration}",
        "cannot send mail to {email}",
        "user {n} has no address in {city}",
        "order {order} is stuck in state PENDING for {few} days",
        "coupon {token} has expired",
        "message {uuid} of {arn} could not be deleted",
        "rate limit of {service} reached: {n} requests in {few} s",
    ),
    "powertools_raised": (
        (
            "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation: "
            "User: arn:aws:sts::123456789012:assumed-role/orders/{uuid} is not authorized to perform: s3:PutObject"
        ),
        (
            "botocore.exceptions.ClientError: An error occurred (ConditionalCheckFailedException) when calling the "
            "PutItem operation: The conditional request failed"
        ),
        'botocore.exceptions.ReadTimeoutError: Read timeout on endpoint URL: "{url}"',
        "app.errors.OutOfStock: article {n} has {signed} pieces left",
    ),
    "structlog": (
        "payment_failed",
        "cache_miss_storm",
        "webhook.delivery.failed",
        "could not acquire lock on {table} within {duration}",
    ),
    "pino": (
        "upstream answered with {status}",
        "failed to parse body of request {uuid}",
        "job {job} failed after {few} attempts",
        "socket {pointer} closed by {ip}:{port}",
    ),
    "pino_raised": (
        "FetchError: request to {url} failed, reason: connect ECONNREFUSED {ip}:{port}",
        "AxiosError: Request failed with status code {status}",
        (
            "MongoServerError: E11000 duplicate key error collection: shop.{table} index: email_1 dup key: "
            '{{ email: "{email}" }}'
        ),
    ),
    "log4j": (
        "Stock of article {n} fell below {few}",
        "Failed to obtain JDBC Connection to jdbc:postgresql://{host}:5432/stock",
        "Query took {grouped} ms: SELECT * FROM {table} WHERE id IN ({n})",
        "Could not refresh token {token} for client {uuid}",
    ),
    "log4j_raised": (
        'java.lang.NullPointerException: Cannot invoke "String.length()" because "<local1>" is null',
        (
            "org.springframework.dao.DuplicateKeyException: duplicate key value violates unique constraint "
            '"orders_pkey" Detail: Key (id)=({n}) already exists.'
        ),
        "java.net.SocketTimeoutException: Read timed out after {n} ms from {host}",
    ),
    "ecs": (
        "Line {n} of {file} has {few} columns instead of {few}",
        "Import of s3://acme-imports/{key} failed",
        "Checksum mismatch: expected {hex}, got {hex}",
    ),
    "python": (
        "KeyError: 'customer_id'",
        "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
        "ValueError: invalid literal for int() with base 10: '{token}'",
        "FileNotFoundError: [Errno 2] No such file or directory: '{path}'",
        'psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "users_email_key"',
        "requests.exceptions.HTTPError: {status} Server Error: Bad Gateway for url: {url}",
        "orders.errors.UnknownCurrency: {currency}",
    ),
    "lambda_python": (
        "ZeroDivisionError: division by zero",
        "Runtime.ImportModuleError: Unable to import module 'app': No module named 'pandas'",
        "JSONDecodeError: Expecting value: line {few} column {few} (char {n})",
    ),
    "java": (
        (
            "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out "
            "after {n}ms"
        ),
        (
            "com.amazonaws.services.s3.model.AmazonS3Exception: The specified key does not exist. (Service: Amazon S3; "
            "Status Code: 404; Error Code: NoSuchKey; Request ID: {access}; S3 Extended Request ID: {token}=)"
        ),
        "java.lang.IllegalStateException: Order {order} is in state {state}",
    ),
    "node": (
        "TypeError: Cannot read properties of undefined (reading 'items')",
        "Error: getaddrinfo ENOTFOUND {host}",
        "SyntaxError: Unexpected token < in JSON at position {few}",
    ),
    "lambda_node": (
        "ReferenceError: total is not defined",
        "TimeoutError: Knex: Timeout acquiring a connection after {n}ms",
    ),
    "go_panic": (
        "runtime error: index out of range [{few}] with length {few}",
        "runtime error: invalid memory address or nil pointer dereference",
    ),
    "logfmt": (
        "lookup {host} on {ip}:53: no such host",
        "context deadline exceeded while reading {key}",
        "pod {pod} was evicted from {node}",
    ),
    "access": ("GET 502", "GET 504", "POST 500", "POST 422", "GET 404"),
    "nginx": (
        "connect() failed (111: Connection refused) while connecting to upstream",
        "upstream timed out (110: Connection timed out) while reading response header from upstream",
        'open() "{path}" failed (2: No such file or directory)',
        "client intended to send too large body: {n} bytes",
    ),
    "plain": (
        "worker {few} gave up on {file} after {duration}",
        "disk usage of {path} is at {decimal}%",
        "balance of account {n} is negative: {signed} {currency}",
        "login of user '{user}' from {ip} refused",
        "instance {instance} did not come up within {duration}",
        "checkpoint {hex} is {size} too large",
        "certificate of {host} expires on {date}",
        "articles {ids} have no price",
        "could not connect to {ip}:{port}, attempt {few}/{few}",
        "deployment of {service} {version} rolled back",
        "could not resolve {ipv6}",
        "retrying {method} {url} in {duration}",
    ),
    "klog": (
        (
            'Error syncing pod {uuid1}, skipping: failed to "StartContainer" for "{service1}" with CrashLoopBackOff: '
            '"back-off {duration} restarting failed container={service1} pod={pod1}_default({uuid1})"'
        ),
        'Failed to pull image "registry.example.com/{service}:{version}": rpc error: code = NotFound',
        'Readiness probe failed: Get "http://{ip}:{port}/healthz": dial tcp {ip}:{port}: connect: connection refused',
        'Unable to attach or mount volumes for pod "{pod}": timed out waiting for the condition',
        "eviction manager: attempting to reclaim ephemeral-storage on {node}",
    ),
    "rust_panic": (
        "index out of bounds: the len is {few} but the index is {few}",
        "called `Option::unwrap()` on a `None` value",
    ),
    "dotnet": (
        "System.NullReferenceException: Object reference not set to an instance of an object.",
        "System.TimeoutException: The operation has timed out after {n} ms.",
        'Npgsql.PostgresException (0x80004005): 23505: duplicate key value violates unique constraint "ix_{table}"',
    ),
    "ruby": (
        "NoMethodError (undefined method `name' for nil:NilClass):",
        "ActiveRecord::RecordNotFound (Couldn't find Order with 'id'={n}):",
        'ActionController::RoutingError (No route matches [{method}] "{route}"):',
    ),
}

HELD_OUT: Statements = {
    "hdfs": (
        "dfs.DataNode$DataXceiver: Receiving block {block} src: /{ip}:{port} dest: /{ip}:{port}",
        "dfs.DataNode$PacketResponder: PacketResponder {few} for block {block} terminating",
        "dfs.DataNode$DataXceiver: {ip}:{port}:Got exception while serving {block} to /{ip}:",
        (
            "dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: {ip}:{port} is added "
            "to {block} size {n}"
        ),
        "dfs.FSNamesystem: BLOCK* NameSystem.delete: {block} is added to invalidSet of {ip}:{port}",
        "dfs.FSDataset: Deleting block {block} file {path}/{block}",
        "dfs.DataNode: writeBlock {block} received exception java.io.IOException: Connection reset by peer",
    ),
    "sshd": (
        "Failed password for invalid user {user} from {ip} port {port} ssh2",
        "Failed password for {user} from {ip} port {port} ssh2",
        "Invalid user {user} from {ip}",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={ip}",
        "Received disconnect from {ip}: 11: Bye Bye [preauth]",
        "reverse mapping checking getaddrinfo for {ptr} [{ip}] failed - POSSIBLE BREAK-IN ATTEMPT!",
        "Connection closed by {ip} [preauth]",
        "error: maximum authentication attempts exceeded for {user} from {ip} port {port} ssh2 [preauth]",
    ),
    "spark": (
        "executor.Executor: Exception in task {few}.0 in stage {few}.0 (TID {n})",
        "storage.ShuffleBlockFetcherIterator: Failed to get {few} blocks from {host}:{port}",
        (
            "scheduler.TaskSetManager: Lost task {few}.0 in stage {few}.0 (TID {n}, {host}, executor {few}): "
            "ExecutorLostFailure (executor {few} exited caused by one of the running tasks)"
        ),
        "network.TransportChannelHandler: Connection to {host}/{ip}:{port} has been quiet for {n} ms",
        "storage.BlockManager: Putting block rdd_{few}_{few} failed",
        "util.Utils: Service 'sparkDriver' could not bind on port {port}. Attempting port {port}.",
    ),
    "zookeeper": (
        "Cannot open channel to {few} at election address {host}/{ip}:{port}",
        "Exception causing close of session {pointer} due to java.io.IOException: ZooKeeperServer not running",
        "Expiring session {pointer}, timeout of {n}ms exceeded",
        "caught end of stream exception",
        "fsync-ing the write ahead log in SyncThread:{few} took {n}ms which will adversely effect operation latency",
        "Connection broken for id {n}, my id = {few}, error =",
        "Unexpected exception causing shutdown while sock still open",
    ),
    "kernel": (
        "Out of memory: Killed process {n} ({process}) total-vm:{n}kB, anon-rss:{n}kB, file-rss:{n}kB",
        "blk_update_request: I/O error, dev sd{letter}, sector {n} op 0x0:(READ) flags 0x0",
        "{process}[{n}]: segfault at {hex} ip {hex} sp {hex} error {few} in libc-2.31.so[{hex}+178000]",
        "TCP: request_sock_TCP: Possible SYN flooding on port {port}. Sending cookies.",
        "EXT4-fs error (device nvme{few}n1p1): ext4_lookup:{n}: inode #{n}: comm {process}: deleted inode referenced",
        "nf_conntrack: table full, dropping packet",
    ),
    "postgres": (
        'duplicate key value violates unique constraint "{table}_pkey"',
        'relation "{table}" does not exist at character {few}',
        "deadlock detected",
        "canceling statement due to statement timeout",
        'password authentication failed for user "{user}"',
        "checkpoints are occurring too frequently ({few} seconds apart)",
        "could not receive data from client: Connection reset by peer",
    ),
    "kafka": (
        (
            "[Consumer clientId=consumer-{service1}-{few}, groupId={service1}] Offset commit failed on partition "
            "{table}-{few} at offset {n}: The coordinator is not aware of this member."
        ),
        (
            "[Producer clientId=producer-{few}] Got error produce response with correlation id {n} on topic-partition "
            "{table}-{few}, retrying ({n} attempts left). Error: NOT_LEADER_OR_FOLLOWER"
        ),
        "[ReplicaFetcher replicaId={few}, leaderId={few}, fetcherId=0] Error in response for fetch request",
    ),
    "hadoop": (
        (
            "[RMCommunicator Allocator] org.apache.hadoop.ipc.Client: Retrying connect to server: {host}:{port}. "
            "Already tried {few} time(s); retry policy is RetryUpToMaximumCountWithFixedSleep"
        ),
        (
            "[LeaseRenewer:{user}@{host}:{port}] org.apache.hadoop.hdfs.LeaseRenewer: Failed to renew lease for "
            "[DFSClient_NONMAPREDUCE_{signed}_{few}] for {few} seconds. Will retry shortly ..."
        ),
        (
            "[AsyncDispatcher event handler] TaskAttemptImpl: attempt_{epoch}_{few}_m_{few}_{few} "
            "TaskAttempt Transitioned "
            "from RUNNING to FAILED"
        ),
        (
            "[fetcher#{few}] org.apache.hadoop.mapreduce.task.reduce.Fetcher: Failed to connect to {host}:{port} with "
            "{few} map outputs"
        ),
    ),
    "openstack": (
        "nova.compute.manager [req-{uuid} - - - - -] [instance: {uuid}] VM Stopped (Lifecycle Event)",
        "nova.virt.libvirt.imagecache [req-{uuid} - - - - -] Unknown base file: {path}",
        "nova.compute.claims [req-{uuid} {hex} - -] [instance: {uuid}] Free memory {decimal} MB < requested {n} MB",
        'nova.osapi_compute.wsgi.server [req-{uuid}] {ip} "{method} {route}" status: {status} len: {n} time: {decimal}',
    ),
    "mysql": (
        (
            "[MY-{n}] [Server] Aborted connection {n} to db: '{table}' user: '{user}' host: '{ip}' "
            "(Got timeout reading communication packets)"
        ),
        "[MY-{n}] [InnoDB] Page [page id: space={few}, page number={n}] log sequence number {n} is in the future!",
        (
            "[MY-{n}] [Repl] Replica I/O for channel '': error reconnecting to source 'repl@{host}:3306' "
            "- retry-time: {few}"
        ),
        "[MY-{n}] [Server] Incorrect definition of table {table}: expected column at position {few}",
    ),
    "redis": (
        "Can't save in background: fork: Cannot allocate memory",
        "Connection with replica {ip}:{port} lost.",
        "MASTER aborted replication with an error: NOAUTH Authentication required.",
        (
            "Client id={n} addr={ip}:{port} fd={few} name= age={n} scheduled to be closed ASAP for "
            "overcoming of output "
            "buffer limits."
        ),
    ),
    "rabbitmq": (
        "closing AMQP connection <0.{n}.0> ({ip}:{port} -> {ip}:5672): missed heartbeats from client, timeout: {few}s",
        (
            "Channel error on connection <0.{n}.0> ({ip}:{port} -> {ip}:5672, vhost: '/', user: "
            "'{user}'), channel {few}: "
            "operation basic.publish caused a channel exception not_found: no exchange '{queue}' in vhost '/'"
        ),
        "memory resource limit alarm set on node rabbit@{node}.",
    ),
    "elasticsearch": (
        (
            "[o.e.c.r.a.DiskThresholdMonitor] [{node}] high disk watermark [90%] exceeded on [{token}][{node}][{path}] "
            "free: {size}[{decimal}%], shards will be relocated away from this node"
        ),
        "[o.e.i.e.Engine] [{node}] [{table}][{few}] failed engine [already closed by tragic event on the index writer]",
        "[o.e.b.BootstrapChecks] [{node}] max virtual memory areas vm.max_map_count [{n}] is too low",
        "[o.e.t.OutboundHandler] [{node}] sending transport message [{n}] on [{pointer}] failed",
    ),
    "haproxy": (
        (
            "Server {service}/{node} is DOWN, reason: Layer4 timeout, check duration: {duration}. "
            "{few} active and {few} "
            "backup servers left."
        ),
        "backend {service} has no server available!",
        "Proxy {service} reached process FD limit (maxsock={n}). Please check 'ulimit-n' and restart.",
    ),
    "windows": (
        "CBS    Failed to get next element [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM]",
        (
            "CBS    SQM: Failed to start upload with file pattern: "
            "C:\\Windows\\servicing\\sqm\\{hex}_std.sqm, flags: 0x2 "
            "[HRESULT = 0x80004005 - E_FAIL]"
        ),
        'CSI    {pointer} [SR] Cannot repair member file [l:{few}]"{file}" of package {version}, file is missing',
    ),
    "bluegene": (
        "RAS KERNEL FATAL data TLB error interrupt",
        "RAS KERNEL FATAL instruction address: {pointer}",
        "RAS APP FATAL ciod: failed to read message prefix on control stream (CioStream socket to {ip}:{port}",
        "RAS KERNEL INFO {n} floating point alignment exceptions",
        "RAS KERNEL FATAL ddr: excessive soft failures, consider replacing the card",
    ),
    "cassandra": (
        "[ScheduledTasks:1] MonitoringTask.java:{n} - {few} operations timed out in the last {n} msecs",
        (
            "[CompactionExecutor:{few}] CassandraDaemon.java:{n} - Exception in thread "
            "Thread[CompactionExecutor:{few},1,main]"
        ),
        "[GossipStage:{few}] Gossiper.java:{n} - Node /{ip} has failed, marking it as DOWN for {duration}",
        "[MutationStage-{few}] StorageProxy.java:{n} - Failed to apply mutation locally for {table}.{table} key {hex}",
    ),
}
