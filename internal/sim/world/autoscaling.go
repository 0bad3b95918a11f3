package world

import "time"

// AutoScaling is the state of Auto Scaling groups.
type AutoScaling struct {
	Groups     Table[ScalingGroup]    // by name; one that is being deleted is still a row
	Activities Table[ScalingActivity] // by id, oldest first, also those of groups that are gone

	Configurations Table[LaunchConfiguration] // by name

	Refreshes Table[InstanceRefresh] // by id, oldest first
}

// InstanceRefresh replaces the instances of a group, a few at a time.
type InstanceRefresh struct {
	ID, Group      string
	Status, Reason string
	Started, Ended time.Time
	MinHealthy     int    // percent of the desired capacity
	MaxHealthy     int    // percent of it; above 100 new instances come before old ones go
	Warmup         int    // seconds
	SkipMatching   bool   // instances that are as the group would launch them stay
	Protected      string // what becomes of instances that are protected from scale-in: "Wait", "Ignore", "Refresh"
	Standby        string // and of those in standby: "Wait", "Ignore", "Terminate"
	Chosen         bool   // Todo was made
	Todo           []string
	Total          int       // instances that were to be replaced when it began
	Moved          time.Time // when it last replaced one, or had to wait for somebody else
}

// LaunchConfiguration is what groups launched from before there were launch templates. It never changes.
type LaunchConfiguration struct {
	Name, ARN              string
	Created                time.Time
	ImageID, Type, KeyName string
	Kernel, Ramdisk        string
	Groups                 []string // security groups, by id
	UserData               string   // base64 text
	Profile                string   // an instance profile's name or ARN
	SpotPrice, Tenancy     string
	Unmonitored            bool // detailed monitoring is off; it is on unless somebody says so
	EBSOptimized           bool
	PublicIP               *bool // nil: as the subnet has it
	Devices                []ConfigurationDevice
	Metadata               *MetadataOptions // nil: as the image has it
}

// ConfigurationDevice is a volume of a launch configuration under its name.
type ConfigurationDevice struct {
	Name, Virtual, SnapshotID, Type string
	None                            bool // the image's device is left out
	EBS                             bool // the members below are set
	Size, IOPS, Throughput          *int32
	DeleteOnTermination             *bool
	Encrypted                       *bool
}

// ScalingGroup keeps a number of equal instances alive in the zones of its subnets.
type ScalingGroup struct {
	Name, ARN         string
	Created           time.Time
	Status            string // empty, or "Delete in progress"
	Min, Max, Desired int
	DesiredBy         string // what changed Desired last: "user", or the name of a scaling policy
	Template          TemplateRef
	Mixed             *MixedInstances // nil: Template alone decides
	Configuration     string          // the launch configuration's name; empty: a template decides
	Subnets, Zones    []string        // zones in the order of their subnets
	Settings          GroupSettings
	Sources           []TrafficSource
	Tags              []GroupTag
	Suspended         []SuspendedProcess
	Metrics           []string // those that are collected

	Members  Table[GroupMember]   // by instance id
	Hooks    Table[LifecycleHook] // by name
	Policies Table[ScalingPolicy] // by name

	Due          time.Time // when the group looks at itself next; zero: when something happens
	Requests     []string  // sentences about requests that the next activities name as their cause
	FailingSince time.Time // since when no launch succeeded; zero while they do
	Failures     int       // launches that failed one after the other
	Surplus      int       // instances that are launched ahead of those that will be terminated for them
	Ahead        int       // instances that an instance refresh wants beside those that it will terminate
	Replacing    int       // unhealthy instances terminated whose replacement has not been launched
	LastActivity time.Time // when the last scaling activity ended: the cooldown counts from here

	Orders Table[LaunchOrder] // launches that were asked for by call, by client token
}

// LaunchOrder is a LaunchInstances that has been answered: the same call with the same token gets the same answer.
type LaunchOrder struct {
	Token, Digest string
	Instances     []string
	Failures      []LaunchFailure
}

// LaunchFailure is what kept a LaunchInstances from launching.
type LaunchFailure struct{ Zone, Subnet, Type, Code, Message string }

// GroupSettings are the knobs of a group that only its owner turns. A nil pointer is a setting that was never made.
type GroupSettings struct {
	HealthCheckType       string // comma separated
	HealthCheckGrace      int    // seconds
	DefaultCooldown       int    // seconds
	DefaultInstanceWarmup *int32
	TerminationPolicies   []string
	Protected             bool // NewInstancesProtectedFromScaleIn
	CapacityRebalance     *bool
	MinHealthy            *int32 // instance maintenance policy, percent; both or none
	MaxHealthy            *int32
	MaxInstanceLifetime   *int32 // seconds
	DesiredCapacityType   string
	DeletionProtection    string
	DistributionStrategy  string // of capacity over zones
	ImpairedZoneBehavior  string
	ZonalShift            bool
	RetainOnAbandon       string // "retain" or "terminate"; empty: never set
	ReservationPreference string
	ReservationIDs        []string
	ReservationGroups     []string
	PlacementGroup        string
	Context               string
	ServiceLinkedRole     string // ARN
}

// TemplateRef names a launch template and a version of it, which may be "$Latest" or "$Default".
type TemplateRef struct{ ID, Name, Version string }

// MixedInstances says how a group spreads over purchase options and instance types.
type MixedInstances struct {
	Template                         TemplateRef
	Overrides                        []InstanceOverride
	OnDemandStrategy, SpotStrategy   string
	OnDemandBase, OnDemandPercentage int
	SpotPools                        int // 0: the strategy has none
	SpotMaxPrice                     string
}

// InstanceOverride is one instance type that a mixed group may launch.
type InstanceOverride struct {
	Type     string
	Weight   string       // empty: 1
	Template *TemplateRef // nil: the policy's own
}

// TrafficSource is a load balancer (type "elb", by name) or a target group ("elbv2", by ARN) that gets a group's instances.
type TrafficSource struct {
	ID, Type string
	State    string // "Adding", "Added", "Removing"
}

// GroupTag is a tag of a group, which its instances may inherit.
type GroupTag struct {
	Key, Value string
	Propagate  bool
}

// SuspendedProcess is something that a group does not do at the moment, and why.
type SuspendedProcess struct{ Name, Reason string }

// GroupMember is an instance in a group.
type GroupMember struct {
	ID, Type, ImageID string
	Zone, ZoneID      string
	Template          TemplateRef // with the version's number
	Configuration     string      // name of the launch configuration that it was launched from, or empty
	Spot              bool
	Weight            int
	WeightText        string // as the override has it; empty: none
	State             string // lifecycle state: "Pending", "InService", "Terminating:Wait", …
	Healthy           bool
	Unhealthy         string // who said so: "ec2", "elb" or "user"; empty while healthy
	Protected         bool   // from scale-in
	Launched          time.Time
	InService         time.Time         // zero until then
	Activity          string            // id of the activity that brings it in or takes it out
	Actions           []LifecycleAction // of the transition that it is in
	Forced            bool              // terminates without hooks
	Expired           bool              // it has reached the group's maximum instance lifetime
	AtRisk            bool              // EC2 has warned that it will take the Spot Instance back
}

// LifecycleHook makes instances wait on their way in or out.
type LifecycleHook struct {
	Name, Transition, DefaultResult    string
	Heartbeat                          int // seconds
	Metadata, NotificationTarget, Role string
}

// LifecycleAction is one instance waiting for one hook.
type LifecycleAction struct {
	Hook, Token       string
	Started, Deadline time.Time
	Result            string // empty while it waits
}

// ScalingPolicy changes a group's size: by a metric that it tracks, or by steps when somebody executes it.
type ScalingPolicy struct {
	Name, ARN      string
	Type           string      // "SimpleScaling", "StepScaling", or empty for target tracking
	Steps          *PolicyStep // of the first two types
	Disabled       bool
	Warmup         *int32 // seconds
	Target         float64
	DisableScaleIn bool
	Predefined     string // a metric that AWS names, or else the five fields below
	ResourceLabel  string
	Metric         string
	Namespace      string
	Statistic      string
	Unit           string
	Dimensions     []Tag
	Alarms         []PolicyAlarm
	Managed        bool      // by a capacity provider: its alarms are quicker, and it goes from no instance to two
	Due            time.Time // when it acts on an alarm next; zero: when something happens
	Acted          time.Time // when it changed the group last
}

// PolicyStep is how a simple or a step policy changes a capacity.
type PolicyStep struct {
	Adjustment   string // "ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"
	By           *int32 // of a simple policy
	Cooldown     *int32 // seconds, of a simple policy; nil: the group's
	MinMagnitude *int32 // of a change in percent
	Aggregation  string // of a step policy: "Average", "Minimum", "Maximum"
	Bounds       []StepBound
}

// StepBound is by how much a step policy changes a capacity while its metric is this far past the alarm's threshold.
type StepBound struct {
	Lower, Upper *float64 // nil: no bound
	By           int32
}

// PolicyAlarm is an alarm that a scaling policy made.
type PolicyAlarm struct{ Name, ARN string }

// ScalingActivity is one launch, one termination, or the failure of one.
type ScalingActivity struct {
	ID, Group, GroupARN string
	Deleted             bool // the group is gone
	Instance            string
	Description, Cause  string
	Zone, Subnet        string
	Status, Message     string
	Progress            int
	Started             time.Time
	Ended               time.Time // zero while it lasts
}
