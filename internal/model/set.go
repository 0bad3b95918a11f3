package model

import (
	"encoding/json"
	"fmt"
	"iter"
	"slices"
)

// Set is resources ordered by key. The zero Set is empty and ready. A copy of the struct shares what it holds: take a
// Clone before changing one of two.
type Set struct{ items []Resource }

// NewSet makes a set; of two resources with one key the later wins.
func NewSet(resources ...Resource) Set {
	var s Set
	for _, r := range resources {
		s.Put(r)
	}
	return s
}

func (s *Set) find(k Key) (int, bool) {
	return slices.BinarySearchFunc(s.items, k, func(r Resource, k Key) int { return CompareKeys(r.Key(), k) })
}

// Put adds or replaces a resource.
func (s *Set) Put(r Resource) {
	i, ok := s.find(r.Key())
	if ok {
		s.items[i] = r
		return
	}
	s.items = slices.Insert(s.items, i, r)
}

// Delete takes a resource out.
func (s *Set) Delete(k Key) {
	if i, ok := s.find(k); ok {
		s.items = slices.Delete(s.items, i, i+1)
	}
}

// Get finds a resource.
func (s *Set) Get(k Key) (Resource, bool) {
	i, ok := s.find(k)
	if !ok {
		return nil, false
	}
	return s.items[i], true
}

// Has tells whether a resource is in the set.
func (s *Set) Has(k Key) bool {
	_, ok := s.find(k)
	return ok
}

// Len counts the resources.
func (s *Set) Len() int { return len(s.items) }

// All walks the resources in the order of their keys.
func (s *Set) All() iter.Seq[Resource] { return slices.Values(s.items) }

// Clone is a copy that can grow and shrink by itself; the resources, which nobody changes, are shared.
func (s *Set) Clone() Set { return Set{slices.Clone(s.items)} }

// Find is a resource of a known type, and whether it is there.
func Find[R Resource](s *Set, k Key) (R, bool) {
	r, _ := s.Get(k)
	v, ok := r.(R)
	return v, ok
}

// Every walks the resources of one type in the order of their keys.
func Every[R Resource](s *Set) iter.Seq[R] {
	return func(yield func(R) bool) {
		for _, r := range s.items {
			if v, ok := r.(R); ok && !yield(v) {
				return
			}
		}
	}
}

type savedResource struct {
	Kind      Kind            `json:"kind"`
	Duplicate string          `json:"duplicate,omitempty"` // the AWS id of a second one
	Resource  json.RawMessage `json:"resource"`
}

func save(r Resource) (savedResource, error) {
	out := savedResource{Kind: r.Key().Kind}
	if d, ok := r.(Duplicate); ok {
		r, out.Duplicate = d.Resource, d.ID
	}
	var err error
	out.Resource, err = json.Marshal(r)
	return out, err
}

// MarshalJSON writes the resources with their kinds, in order.
func (s Set) MarshalJSON() ([]byte, error) {
	out := make([]savedResource, 0, len(s.items))
	for _, r := range s.items {
		one, err := save(r)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Set) UnmarshalJSON(b []byte) error {
	var in []savedResource
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	*s = Set{}
	table := decoders()
	for _, one := range in {
		read, ok := table[one.Kind]
		if !ok {
			return fmt.Errorf("no kind of resource is called %q", one.Kind)
		}
		r, err := read(one.Resource)
		if err != nil {
			return err
		}
		if one.Duplicate != "" {
			r = Duplicate{r, one.Duplicate}
		}
		s.Put(r)
	}
	return nil
}

func as[R Resource](b []byte) (Resource, error) {
	var r R
	err := json.Unmarshal(b, &r)
	return r, err
}

func decoders() map[Kind]func([]byte) (Resource, error) {
	return map[Kind]func([]byte) (Resource, error){
		KindBucket: as[Bucket], KindVPC: as[VPC], KindDefaultGroup: as[DefaultGroup], KindInternetGateway: as[InternetGateway], KindSubnet: as[Subnet],
		KindRouteTable: as[RouteTable], KindElasticIP: as[ElasticIP], KindNATGateway: as[NATGateway], KindRoute: as[Route],
		KindSecurityGroup: as[SecurityGroup], KindEndpoint: as[Endpoint], KindFlowLog: as[FlowLog], KindLoadBalancer: as[LoadBalancer],
		KindTargetGroup: as[TargetGroup], KindListener: as[Listener], KindClassic: as[ClassicLoadBalancer],
		KindServiceRole: as[ServiceRole], KindRole: as[Role], KindProfile: as[Profile], KindLogGroup: as[LogGroup],
		KindCluster: as[Cluster], KindKeyPair: as[KeyPair], KindTemplate: as[LaunchTemplate], KindGroup: as[Group], KindProvider: as[Provider],
		KindClusterProviders: as[ClusterProviders], KindCapacity: as[Capacity],
		KindTaskDefinition: as[TaskDefinition], KindDaemonService: as[DaemonService],
	}
}
