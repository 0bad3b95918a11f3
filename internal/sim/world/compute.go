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
}

// Shortage says that AWS has no room for an instance type in a zone until a moment; an empty field means any.
type Shortage struct {
	Type, Zone string
	SpotOnly   bool
	Until      time.Time // the zero time: for good
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
