package world

import "time"

// AutoScaling is the state of Auto Scaling groups.
type AutoScaling struct {
	Groups     Table[ScalingGroup]    // by name; one that is being deleted is still a row
	Activities Table[ScalingActivity] // by id, oldest first, also those of groups that are gone
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
	Replacing    int       // unhealthy instances terminated whose replacement has not been launched
	LastActivity time.Time // when the last scaling activity ended: the cooldown counts from here
}

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

// ScalingPolicy changes a group's size by a metric. Only target tracking exists.
type ScalingPolicy struct {
	Name, ARN      string
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
