package model

import "time"

// Facts are what a plan takes from AWS before it is made, so that carrying it out leaves no choice.
type Facts struct {
	Scope   Scope
	Zones   []Zone           // every zone of the region that is open to the account, by name
	Images  map[string]Image // by instance group: the image that its template shall have
	Types   map[string]Type  // by name: every instance type of the configuration that exists
	Subnets map[Key]string   // ranges of subnets that stand already and that the file leaves open
	Quotas  map[string]Quota // by quota code, only where a plan makes something
}

// Zone is an availability zone; its ID is the same in every account.
type Zone struct{ Name, ID string }

// Image is an AMI.
type Image struct {
	ID          string
	Name        string
	Origin      string    // what it was resolved for: "family/arch", "family-gpu/arch", or "given"
	Kept        bool      // it is the one that the template has already
	Newest      string    // the one that AWS recommends now; empty when not asked
	Device      string    // the name of the device that tasks live on: the root device, or Bottlerocket's second one
	MinGiB      int       // the size of its snapshot
	System      string    // Bottlerocket only: the root device's name
	SystemGiB   int       // the size of its snapshot
	Family      string    // as its name tells it: "al2023", "al2", "bottlerocket"; empty for an image with a name of its own
	Accelerator string    // what its name says that it has drivers for: "gpu", "neuron", or empty
	Deprecated  time.Time // since when, or from when on, AWS hides it; zero when it does not
	Private     bool      // it is shared with some accounts only
	Arch        string    // "x86_64" or "arm64"
	Missing     bool      // a given id that does not exist
}

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
