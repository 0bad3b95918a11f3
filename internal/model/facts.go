package model

// Facts are what a plan takes from AWS before it is made, so that carrying it out leaves no choice.
type Facts struct {
	Scope   Scope
	Zones   []Zone           // every zone of the region that is open to the account, by name
	Images  map[string]Image // by instance group: the image that its template shall have
	Types   map[string]Type  // by name: every instance type of the configuration that exists
	Subnets map[Key]string   // ranges of subnets that stand already and that the file leaves open
	Quotas  map[string]Quota // by quota code, only where a plan makes something

	Registries map[string]Registry // by host
	Existing   *ExistingVPC        // the VPC of others that the file names; nil where the cluster has its own
}

// Registry is what AWS shows of a registry's login.
type Registry struct {
	ARN     string // of a given secret
	KMSKey  string // ARN of the key of its owner that protects a given secret; empty: AWS's own key
	Missing bool   // a given secret that does not exist, or goes
	Unset   bool   // the source of the password was looked at, and there is none
	Wanted  bool   // a password must be stored: none is, or not for this user
}

// Zone is an availability zone; its ID is the same in every account.
type Zone struct{ Name, ID string }

// Image is an AMI.
type Image struct {
	ID      string
	Name    string
	Origin  string // what it was resolved for: "family/arch", or "given"
	Kept    bool   // it is the one that the template has already
	Newest  string // the one that AWS recommends now; empty when not asked
	Device  string // the root device's name
	MinGiB  int    // the snapshot's size
	Arch    string // "x86_64" or "arm64"
	Missing bool   // a given id that does not exist
}

// Type is an instance type.
type Type struct {
	Name      string
	VCPU      int
	MemoryMiB int
	Arch      []string
	Zones     []string // where it is offered
}

// Quota is a limit of the account and how much of it is used, by all.
type Quota struct {
	Code, Name  string
	Limit, Used int
}
