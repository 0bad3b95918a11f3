package model

// Facts are what a plan takes from AWS before it is made, so that carrying it out leaves no choice.
type Facts struct {
	Scope    Scope
	Zones    []Zone           // every zone of the region that is open to the account, by name
	Images   map[string]Image // by instance group: the image that its template shall have
	Types    map[string]Type  // by name: every instance type of the configuration that exists
	Subnets  map[Key]string   // ranges of subnets that stand already and that the file leaves open
	Quotas   map[string]Quota // by quota code, only where a plan makes something
	Existing *ExistingVPC     // the VPC of others that the file names; nil where the cluster has its own
	// Services are the services that the file wants endpoints for, by their short names: those that the region has.
	Services map[string]EndpointService
}

// EndpointService is an AWS service as VPC endpoints reach it.
type EndpointService struct {
	Name       string   // "com.amazonaws.eu-west-1.ecr.api"
	Types      []string // GatewayEndpoint, InterfaceEndpoint
	Zones      []string // that can have an interface of it
	Policies   bool     // its endpoints can have a policy
	PrivateDNS bool     // its own name can lead to an endpoint
}

// Zone is an availability zone; its ID is the same in every account.
type Zone struct{ Name, ID string }

// Type is an instance type.
type Type struct {
	Name      string
	VCPU      int
	MemoryMiB int
	Arch      []string
	GPUs      int      // NVIDIA's
	Neuron    int      // AWS's own accelerators: Inferentia, Trainium
	Zones     []string // where it is offered
}

// Quota is a limit of the account and how much of it is used, by all.
type Quota struct {
	Code, Name  string
	Limit, Used int
}
