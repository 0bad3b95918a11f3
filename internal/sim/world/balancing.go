package world

import "time"

// Balancing is the state of load balancers of both generations.
type Balancing struct {
	LoadBalancers Table[LoadBalancer]    // application and network ones, by ARN
	Listeners     Table[Listener]        // by ARN
	Rules         Table[ListenerRule]    // the default ones too, by ARN
	TargetGroups  Table[TargetGroup]     // by ARN
	Classics      Table[ClassicBalancer] // by name
	Answers       Table[Answer]          // what listens where, by "host:port"; the host is an instance id or an address
}

// Answer is how a program that listens on a port answers requests, health checks included; where there is none, nothing
// listens. When a row goes away while its program works on requests, these are lost: it died, was killed, or drops them.
type Answer struct {
	Status int           // HTTP status; 0 means 200
	Silent bool          // it takes connections and never answers
	Took   time.Duration // how long it works on a request; 0 means UsualTook
	Ending bool          // it was told to end: it finishes what it works on, and takes no new connections
}

// UsualTook is how long a program works on a request unless its image says otherwise.
const UsualTook = 50 * time.Millisecond

// BalancerZone is one zone that a load balancer works in.
type BalancerZone struct {
	Zone, SubnetID, Interface string
}

// The states of a load balancer of the second generation.
const (
	BalancerProvisioning = "provisioning"
	BalancerActive       = "active"
)

// LoadBalancer is an application or network load balancer.
type LoadBalancer struct {
	ARN, Name, ID     string
	Type              string // "application", "network"
	Scheme            string // "internet-facing", "internal"
	State             string // "provisioning", "active"
	VPCID, DNSName    string
	IPType            string // "ipv4", "dualstack"
	Created, ActiveAt time.Time
	Zones             []BalancerZone
	Groups            []string // security groups
	PrivateLink       string   // network ones with security groups: do they hold for PrivateLink ("on", "off")
	Attributes        map[string]string
	Digest            string // of the call that made it
	Tags              Tags
}

// Listener takes connections on one port of a load balancer.
type Listener struct {
	ARN, LoadBalancer string
	Port              int32
	Protocol          string
	SSLPolicy         string
	Certificate       string   // the default one
	Certificates      []string // further ones
	ALPN              string
	MutualMode        string // "off", "passthrough"; HTTPS only
	DefaultRule       string
	Attributes        map[string]string
	Tags              Tags
}

// ListenerRule says what happens to requests that meet its conditions.
type ListenerRule struct {
	ARN, Listener string
	Default       bool
	Priority      int32 // 0 for the default rule, which comes last
	Conditions    []RuleCondition
	Actions       []RuleAction
	Tags          Tags
}

// RuleCondition is one condition of a listener's rule.
type RuleCondition struct {
	Field  string // "path-pattern", "host-header", "http-header", "http-request-method", "query-string", "source-ip"
	Header string // the name of the header
	Values []string
	Regex  []string
	Pairs  []Tag // of query strings; a pair may have no key
}

// RuleAction is one action of a listener's rule.
type RuleAction struct {
	Type     string
	Order    int32         // 0: none given
	Groups   []WeightedARN // forward
	Sticky   bool          // forward: to a target group
	Seconds  int32         // forward: how long
	Redirect *Redirect
	Fixed    *FixedResponse
	Login    string // authenticating actions: their configuration as JSON, as it was sent
}

// WeightedARN is a target group and its share.
type WeightedARN struct {
	ARN    string
	Weight int32
}

// Redirect sends the client elsewhere.
type Redirect struct {
	Protocol, Host, Port, Path, Query, Status string
}

// FixedResponse answers without a target.
type FixedResponse struct {
	Status, ContentType, Body string
}

// TargetGroup is what a load balancer of the second generation sends requests to.
type TargetGroup struct {
	ARN, Name, ID   string
	Protocol        string
	ProtocolVersion string // "HTTP1", "HTTP2", "GRPC"; empty for network protocols
	Port            int32
	VPCID           string
	TargetType      string // "instance", "ip"
	IPType          string // "ipv4", "ipv6"
	Check           HealthCheck
	LoadBalancer    string // ARN of the one that uses it; empty while none does
	Targets         Table[Target]
	Attributes      map[string]string
	Digest          string // of the call that made it
	Tags            Tags
}

// HealthCheck is how targets are checked; thresholds are counts of checks, times are seconds.
type HealthCheck struct {
	Protocol           string
	Port               string // "traffic-port" or a number
	Path               string
	Interval, Timeout  int32
	Healthy, Unhealthy int32
	Codes              string // "200", "200-299,302"; gRPC's codes for protocol version GRPC
}

// Target is an instance or an address in a target group, by "id:port".
type Target struct {
	ID         string
	Port       int32
	Zone       string // given by the client; empty: the target's own
	Interface  string // that has the address, for targets by address in the VPC
	Registered time.Time
	DrainUntil time.Time // set while it is deregistering
	SlowFrom   time.Time // when its slow start began; zero: it had none
	Probe      Probe
}

// The states of a probe.
const (
	ProbeInitial   = "initial"
	ProbeHealthy   = "healthy"
	ProbeUnhealthy = "unhealthy"
)

// Probe is what the health checks of one target have found. Checks are no events: how many were made by now follows
// from Start and the interval, and they all end the same way as long as Result stays.
type Probe struct {
	State   string    // empty while nothing is checked
	Start   time.Time // of the first check that Made counts
	Made    int       // checks that are counted already
	Run     int       // how many of them, from the latest back, ended alike
	Passing bool      // how the latest ended
	Result  string    // how checks end at present: empty for success, else the reason and its detail
	Failure string    // how the latest failed one ended
}

// ClassicBalancer is a load balancer of the first generation.
type ClassicBalancer struct {
	Name, DNSName, Scheme, VPCID string
	Created                      time.Time
	Zones                        []BalancerZone
	Groups                       []string // security groups
	Listeners                    []ClassicListener
	Policies                     []ClassicPolicy // those that were made
	Check                        ClassicCheck
	Targets                      Table[ClassicTarget] // by instance id
	CrossZone                    bool
	Draining                     bool
	DrainSeconds                 int32
	IdleSeconds                  int32
	Log                          AccessLog
	Desync                       string // "monitor", "defensive", "strictest"
	Digest                       string // of the call that made it
	Tags                         Tags
}

// ClassicListener takes connections on one port of a classic load balancer.
type ClassicListener struct {
	Protocol, InstanceProtocol string
	Port, InstancePort         int32
	Certificate                string
	Policies                   []string
}

// ClassicPolicy is a security policy of a classic load balancer, made after a predefined one.
type ClassicPolicy struct{ Name, Reference string }

// ClassicCheck is how instances are checked; times are seconds.
type ClassicCheck struct {
	Target                                string // "TCP:80", "HTTP:80/health"
	Interval, Timeout, Healthy, Unhealthy int32
}

// AccessLog says where a classic load balancer writes its access log.
type AccessLog struct {
	On             bool
	Bucket, Prefix string
	Minutes        int32
}

// ClassicTarget is an instance behind a classic load balancer.
type ClassicTarget struct {
	ID         string
	Registered time.Time
	DrainUntil time.Time // set while it is deregistering
	Probe      Probe
}
