package world

import "time"

// ECS is the state of clusters and what is registered in them.
type ECS struct {
	Clusters  Table[Cluster]          // by name; deleted ones stay as INACTIVE until the name is used again
	Providers Table[CapacityProvider] // by name; deleted ones stay as INACTIVE until the name is used again
	Agents    Table[ECSAgent]         // by EC2 instance id
	Settings  []AccountSetting        // that somebody put

	Families    Table[TaskFamily]     // by name
	Definitions Table[TaskDefinition] // by "family:revision"
	Tokens      Table[Token]          // of calls that ran tasks, by client token; the id is the tasks' with blanks between
	Unpullable  Table[Outage]         // images that nobody can pull, by how their names begin
}

// Outage keeps images from being pulled.
type Outage struct {
	Kind  string    // "missing", "unauthorized", "ratelimited", "unreachable", "disk-full"
	Until time.Time // zero: for ever
}

// Cluster is a set of container instances and what runs on them.
type Cluster struct {
	Name, ARN, Status string
	Insights          string // the setting containerInsights
	Exec              *ExecConfiguration
	StorageKey        string // KMS keys of the managed storage configuration
	EphemeralKey      string
	Namespace         string // Service Connect's default
	Providers         []string
	Strategy          []StrategyItem
	AttachmentsStatus string // empty until the first provider comes
	Attachments       []ClusterAttachment
	Instances         Table[ContainerInstance] // by container instance id, in the order of registration
	Services          Table[Service]           // by name; deleted ones stay as INACTIVE for an hour
	Tasks             Table[Task]              // by id; stopped ones stay for an hour
	Waiting           []string                 // ids of tasks that wait for room, oldest first
	Due               time.Time                // when room is looked for; zero: when something happens
	RunningTasks      int                      // that run or are stopping
	PendingTasks      int                      // that do not run yet
	Tags              Tags
}

// ExecConfiguration says how ECS Exec logs.
type ExecConfiguration struct {
	Logging, Key       string
	LogGroup           string
	LogGroupEncrypted  bool
	Bucket, BucketPath string
	BucketEncrypted    bool
	HasLogs            bool // a log configuration was given, even an empty one
}

// StrategyItem is a capacity provider's share of a cluster's tasks.
type StrategyItem struct {
	Provider     string
	Base, Weight int
}

// ClusterAttachment is what a capacity provider put onto its Auto Scaling group for a cluster.
type ClusterAttachment struct {
	ID, Provider string
	Type         string // "as_policy", "managed_draining"
	Status       string // "PRECREATED", "ACTIVE"
	Name         string // of the scaling policy or the lifecycle hook

	Due time.Time // of a policy: when its metric is measured next; zero: when something happens
}

// CapacityProvider lets a cluster use, and scale, an Auto Scaling group.
type CapacityProvider struct {
	Name, ARN            string
	Status               string // "ACTIVE", "INACTIVE"
	UpdateStatus, Reason string
	GroupARN, GroupName  string
	Scaling              bool // managed scaling
	Target               int  // percent
	MinStep, MaxStep     int
	Warmup               int  // seconds
	Protection           bool // managed termination protection
	Draining             bool // managed draining
	Tags                 Tags
}

// ContainerInstance is an EC2 instance as a cluster knows it.
type ContainerInstance struct {
	ID, ARN, Cluster string // Cluster is its name
	EC2ID            string
	Zone             string // availability zone of the EC2 instance
	Status           string // "ACTIVE", "DRAINING", "INACTIVE"
	Provider         string // capacity provider; empty: none
	Remaining        []ECSResource
	AgentConnected   bool
	AgentVersion     string
	AgentHash        string
	DockerVersion    string
	Registered       []ECSResource
	Attributes       []ECSAttribute // those of the owner last
	Trunk            string         // its trunk interface; empty: it has none
	Images           []string       // that were pulled onto it
	Tasks            []string       // ids of those on it that have not stopped, oldest first
	Groups           []TaskGroup    // of those tasks
	RunningTasks     int            // that run or are stopping
	PendingTasks     int            // that do not run yet
	Version          int64          // counts changes
	RegisteredAt     time.Time
	Tags             Tags
}

// TaskGroup is how many tasks of a group are on an instance.
type TaskGroup struct {
	Name  string // "service:" and its name, "family:" and its name, or what somebody chose
	Tasks int    // 1 or more
}

// ECSResource is an amount of something that tasks use up.
type ECSResource struct {
	Name, Type string // "CPU", "INTEGER"
	Integer    int
	Set        []string // of a "STRINGSET"
}

// ECSAttribute is a name, with or without a value, that placement constraints can ask for.
type ECSAttribute struct {
	Name, Value string
	HasValue    bool
	Custom      bool // put by the owner, not by ECS or the agent
}

// ECSAgent is the agent on an EC2 instance: where it registered, or how long it has been trying.
type ECSAgent struct {
	Instance          string // EC2 instance id
	Cluster           string // name; empty until registered
	ContainerInstance string // id; empty until registered
	Run               int    // the instance's run that the tries belong to
	Tries             int
	Since             time.Time // the first try
	LastError         string
}

// AccountSetting is a setting for one principal, or the default of the account (Principal empty).
type AccountSetting struct{ Name, Value, Principal string }
