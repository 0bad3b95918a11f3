package model

import (
	"maps"
	"slices"
	"time"
)

// Status is where a resource stands in its life on AWS.
type Status int

// The states that matter to a plan.
const (
	Ready   Status = iota // it can be used
	Pending               // it is being made or changed
	Leaving               // it is being deleted
	Failed                // it will never be ready; Reason says why
)

// String is the state as people read it.
func (s Status) String() string {
	return [...]string{"ready", "pending", "leaving", "failed"}[s]
}

// Handle is how AWS names one resource, and how it is doing.
type Handle struct {
	ID      string // what its API calls take: an id, or a name where AWS has no id
	ARN     string
	Link    string // a second id where a kind needs one: a route table's association, a VPC's default security group
	Address string // a load balancer's DNS name, an Elastic IP's address
	Version int    // a launch template's newest version
	Status  Status
	Reason  string // why it failed, or what it waits for
}

// Stray is something that stands where one of ours should, or lies in our VPC, and is not ours. It is never touched.
type Stray struct {
	Key  Key // the resource of ours whose place it takes; zero when it only lies inside the VPC
	ID   string
	What string // "auto scaling group prod_shop_default", "network interface eni-0abc of instance i-0def"
}

// Inventory is what was found on AWS: our resources with their handles, and what is in their way.
type Inventory struct {
	Set
	At      time.Time
	Strays  []Stray
	Lodgers []Lodger // who is reached through the cluster's load balancers; known only where one of these goes
	handles map[Key]Handle
}

// Add puts a resource that was found, with its handle.
func (i *Inventory) Add(r Resource, h Handle) {
	if i.handles == nil {
		i.handles = map[Key]Handle{}
	}
	i.Put(r)
	i.handles[r.Key()] = h
}

// Remove takes out a resource that is gone.
func (i *Inventory) Remove(k Key) {
	i.Delete(k)
	delete(i.handles, k)
}

// Handle is how AWS names a resource; the zero Handle when it is not there.
func (i *Inventory) Handle(k Key) Handle { return i.handles[k] }

// ID is the AWS id of a resource; of a foreign key it is the id that the key carries.
func (i *Inventory) ID(k Key) string {
	if k.Kind == KindForeign {
		return k.Name
	}
	return i.handles[k].ID
}

// Clone is an independent copy.
func (i *Inventory) Clone() Inventory {
	c := *i
	c.Set = i.Set.Clone()
	c.Strays, c.Lodgers = slices.Clone(i.Strays), slices.Clone(i.Lodgers)
	c.handles = maps.Clone(i.handles)
	return c
}
