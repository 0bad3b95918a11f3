// Package config turns ecs.tfvars, further variable files, environment
// variables and command-line values into one checked Config. In go bytes and
// strings; out comes either a Config with every default filled in, or all the
// Faults of the input at once. It reads files and nothing else: it must never
// ask AWS, look at the clock, or let a half-checked value through.
package config

import (
	"net/netip"

	"berth/internal/config/tfvars"
)

// NATMode says how the private subnets reach the internet.
type NATMode string

const (
	// PerAZ is one NAT gateway in each zone, so that losing a zone costs the others nothing.
	PerAZ NATMode = "per_az"
	// Single is one NAT gateway for all zones: cheaper, and a single point of failure.
	Single NATMode = "single"
	// None is no NAT gateway at all: the private subnets reach AWS's services through endpoints, and nothing else.
	None NATMode = "none"
)

// The architectures of EC2 instance types, as AWS spells them.
const (
	X86 = "x86_64"
	ARM = "arm64"
)

// The families of ECS-optimized images.
const (
	AL2023       = "al2023"
	AL2          = "al2"
	Bottlerocket = "bottlerocket"
)

// The types of load balancer, and where they can be reached from.
const (
	Application = "application"
	Classic     = "classic"
	External    = "external"
	Internal    = "internal"
)

type (
	// Fault is one thing wrong with the input, where it stands and what to do about it.
	Fault = tfvars.Fault
	// Faults is everything wrong with the input, in the order of the input.
	Faults = tfvars.Faults
	// Severity says whether a fault stops everything or only deserves a look.
	Severity = tfvars.Severity
	// Range is a place in the input.
	Range = tfvars.Range
)

// How grave a fault is: with warnings alone there still is a Config.
const (
	Error   = tfvars.Error
	Warning = tfvars.Warning
)

// Config is the whole, checked configuration: every default is filled in.
type Config struct {
	Environment, Cluster, Region string
	Profile                      string // "" is the SDK's default chain
	VPCCIDR                      netip.Prefix
	Existing                     *ExistingVPC // nil: the cluster gets a VPC of its own
	Zones                        []Zone       // in file order; of an existing VPC see Within
	NAT                          NATMode
	Endpoints                    []Endpoint // by service; S3 has one besides
	FlowLogs                     FlowLogs
	Groups                       []Group           // the default group first, then by name
	LoadBalancers                []LoadBalancer    // sorted by key; the default one has key ""
	SystemContainers             []SystemContainer // sorted by name
	Registries                   []Registry        // sorted by host
	LogPrefix                    string
	LogRetentionDays             int
	ContainerInsights            string  // enhanced, enabled or disabled
	Alerts                       []Alert // sorted by name
	Protect                      bool
	ParameterPrefix              string // of the Parameter Store, without slashes at its ends; "" is none
	Deployer                     Deployer
	Tags                         []Tag // sorted by key

	where map[string]tfvars.Origin
	sizes [3]size // of the first group, for Within
}

// Zone is an availability zone with its two subnets.
type Zone struct {
	Name                    string
	PublicCIDR, PrivateCIDR netip.Prefix
}

// Group is a group of like instances: one Auto Scaling group and one capacity provider.
type Group struct {
	Name               string
	InstanceTypes      []string // at least one, in order of preference
	Arch               string   // X86 or ARM
	Accelerator        string   // GPU, Neuron or ""
	AMIFamily          string   // AL2023, AL2 or Bottlerocket
	AMI                string   // "" is the newest image AWS recommends
	Spot               bool
	SpotStrategy       string // how EC2 picks Spot Instances; read where Spot
	OnDemandBase       int    // the first instances of a group with Spot are On-Demand
	OnDemandPercentage int    // 0 to 99, of what is above the base
	OnDemandStrategy   string // how EC2 picks On-Demand instances: prioritized or lowest-price
	Volume             Volume
	ManagedScaling     bool
	Min, Desired, Max  int
	SurgeBeyondMax     bool  // a roll may raise the maximum for its duration
	Attributes         []Tag // ECS instance attributes, sorted by key
	KeyName            string
	SSHPublicKey       string // one line, as ssh-keygen writes it; never beside KeyName
	CustomUserData     string // shell commands; for Bottlerocket TOML
	LoggingDrivers     []string
	AgentConfig        []Tag    // further settings of the ECS agent, sorted by name
	LoadBalancers      []string // keys of the classic load balancers its instances register with, sorted
}

// Volume is the volume that images and containers live on; what is 0 or "" is AWS's own figure.
type Volume struct {
	GiB              int
	Type             string // gp3, gp2, io1 or io2
	IOPS, Throughput int    // per second; MiB per second
	KMSKey           string // id, alias or ARN; "" is the account's own key for volumes
}

// LoadBalancer is one load balancer in front of the cluster.
type LoadBalancer struct {
	Key          string // "" is the one that there is without load_balancers, which calls it "default"
	Type         string // Application or Classic
	Scheme       string // External or Internal
	AllowCIDRs   []netip.Prefix
	InstancePort int // classic only
	TLS          TLS
	Check        HealthCheck

	DeregistrationDelay, IdleTimeout int // seconds
	AccessLogs                       AccessLogs

	insiders bool // AllowCIDRs are the existing VPC's ranges: see Within
}

// Tag is a key with its value: an AWS tag or an ECS attribute.
type Tag struct{ Key, Value string }

// Where says where the value of a name such as "instance_groups.batch.max_size" stood; it is zero for a default.
// What a group takes from the top level stood there.
func (c *Config) Where(name string) Range { return c.where[name].Place() }

// Snippet is the source line of a name's value with carets under it, for findings; "" for a default.
func (c *Config) Snippet(name string) string { return c.where[name].Snippet() }

// Setting is the name that Where knows one of a group's settings by: "spot", or "instance_groups.batch.spot".
func (c *Config) Setting(group, name string) string {
	if len(c.Groups) > 0 && c.Groups[0].Name == group {
		return name
	}
	return "instance_groups." + group + "." + name
}
