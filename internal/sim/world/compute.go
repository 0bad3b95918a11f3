package world

import (
	"encoding/json"
	"time"
)

// Compute is the state of a region's instances and of what they are launched from.
type Compute struct {
	Instances Table[Instance]       // by instance id
	Templates Table[LaunchTemplate] // by template id
	KeyPairs  Table[KeyPair]        // by key pair id
	Volumes   Table[Volume]         // by volume id
	VCPUs     map[string]int        // in use, by the quota code that bounds them
	Shortages []Shortage            // what cannot be had at the moment
	Outages   Table[Disruption]     // by id: what goes wrong, or will, or has
}

// Shortage says that AWS has no room for an instance type in a zone until a moment; an empty field means any.
type Shortage struct {
	Type, Zone string
	SpotOnly   bool
	Until      time.Time // the zero time: for good
	Outage     string    // id of the outage that it belongs to, or empty
}

// The kinds of outages.
const (
	OutagePower      = "power"        // a zone without electricity: its running instances are dark, and nothing can be launched in it
	OutageNetwork    = "network"      // a zone that nothing reaches and that reaches nothing; its instances run on
	OutageCapacity   = "capacity"     // no room for a type, in a zone; either may be empty for any
	OutageSpot       = "spot"         // EC2 takes Spot Instances back, two minutes after it has said so
	OutageImpaired   = "impaired"     // one instance fails its status checks and hears nothing
	OutageTerminated = "terminated"   // one instance is lost for good
	OutageDeadImage  = "dead-image"   // instances of an image run, but never boot
	OutageMuteImage  = "silent-image" // instances of an image boot, but their agent never registers
	OutageAgent      = "agent"        // the ECS agent of one instance hears nothing; the instance and its tasks run on
)

// The states of an outage.
const (
	OutagePlanned = "planned"
	OutageActive  = "active"
	OutageOver    = "over"
)

// Disruption is something that goes wrong in EC2 from one moment to another.
type Disruption struct {
	ID, Kind, State             string
	Zone, Type, Instance, Image string    // what it strikes; the kind says which of them count
	SpotOnly                    bool      // of capacity
	Lost                        bool      // of power: the instances do not come back
	From, Until                 time.Time // Until zero: until somebody ends it
	Struck                      []string  // instances that it has struck
}

// The states of an instance, as EC2 names them.
const (
	InstancePending      = "pending"
	InstanceRunning      = "running"
	InstanceShuttingDown = "shutting-down"
	InstanceTerminated   = "terminated"
	InstanceStopping     = "stopping"
	InstanceStopped      = "stopped"
)

// Instance is one virtual machine. A terminated one stays for an hour.
type Instance struct {
	ID, ReservationID, Type, ImageID, Architecture string
	SubnetID, VPCID, Zone                          string
	State                                          string
	PrivateIP, PublicIP                            string // PublicIP is empty while it has none
	AutoPublicIP                                   bool   // it gets a public address of Amazon's at every start
	InterfaceID                                    string // the primary interface, which knows the groups; empty once terminated
	KeyName, UserData                              string // UserData is base64 text
	ProfileName, ProfileARN, ProfileID             string
	Spot                                           bool
	SpotRequestID                                  string
	Tags                                           Tags
	TemplateID, TemplateVersion                    string // what it was launched from; the version is a number
	Owner                                          string // the Auto Scaling group that launched it, or empty
	ClientToken                                    string
	LaunchIndex                                    int
	VCPUs                                          int
	QuotaCode                                      string // the quota that its vCPUs count towards
	Charged                                        bool   // they count at the moment

	Run          int       // how often it was started; the Arg of its events, so that those of an earlier run pass by
	LaunchedAt   time.Time // of the last start
	RunningAt    time.Time // zero until it runs
	BootedAt     time.Time // when its agent could start; zero until then
	TerminatedAt time.Time // when termination began
	ChecksOK     bool      // both status checks have passed
	Impaired     bool      // the instance check fails: a fault
	SystemFailed bool      // the check of AWS's own machine fails: a fault
	ImpairedAt   time.Time // since when a check fails; zero while none does
	Unreachable  bool      // nothing reaches it, and it reaches nothing: a fault
	DoomedAt     time.Time // when EC2 takes the Spot Instance back; zero: not known

	ReasonCode, ReasonText string // why it is in its state
	Transition             string // the state transition reason of DescribeInstances

	Protected        bool   // DisableApiTermination
	StopProtected    bool   // DisableApiStop
	ShutdownBehavior string // stop or terminate
	Monitored        bool   // detailed monitoring
	EBSOptimized     bool
	CreditMode       string // standard or unlimited, burstable types only
	Metadata         MetadataOptions
	RootDevice       string
	Devices          []Device
	HostnameType     string // ip-name or resource-name
	NameA, NameAAAA  bool   // which DNS records the host name gets
	Tenancy          string
}

// MetadataOptions are the settings of an instance's metadata service.
type MetadataOptions struct {
	Endpoint, Tokens, IPv6, Tags string
	HopLimit                     int
}

// Device is a volume under its name inside an instance.
type Device struct {
	Name, VolumeID      string
	DeleteOnTermination bool
}

// Volume is a disk; this simulator knows those that instances bring along.
type Volume struct {
	ID, Zone, Type, State, SnapshotID, KMSKeyID string
	Size, IOPS, Throughput                      int // GiB, per second, MiB per second; 0 where the type has none
	Encrypted                                   bool
	CreatedAt, AttachedAt                       time.Time
	InstanceID, Device                          string // empty when detached
	Tags                                        Tags
}

// LaunchTemplate is a named list of numbered launch settings.
type LaunchTemplate struct {
	ID, Name        string
	CreatedAt       time.Time
	Default, Latest int64
	Tags            Tags
	Versions        []LaunchTemplateVersion // ascending; deleted ones are gone
}

// LaunchTemplateVersion is one numbered set of launch settings; it never changes.
type LaunchTemplateVersion struct {
	Number      int64
	Description string
	CreatedAt   time.Time
	Data        json.RawMessage // the launch template data by the names of the API's request, as it was written
}

// KeyPair is the public half of an SSH key.
type KeyPair struct {
	ID, Name, Type, Fingerprint, PublicKey string // Type is rsa or ed25519
	CreatedAt                              time.Time
	Tags                                   Tags
}
