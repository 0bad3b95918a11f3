// Package observe reads AWS: what of a cluster stands, in the same types as what is wanted, and the facts that a plan
// is made from.
//
// In: a cloud.Cloud and whose cluster it is. Out: a model.Inventory and model.Facts. It writes nothing and decides
// nothing. One file per kind of resource: its calls, made by package fetch, and their fold, in the words that package
// shape finds for the answers. All calls of a round go out together, so that a look is a few rounds deep however large
// the cluster is.
package observe

import (
	"context"
	"errors"
	"slices"
	"sync"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/secret"
)

// Question is what a look must know beforehand.
type Question struct {
	Environment, Cluster string
	LogPrefix            string
	Groups               []Group
	Balancers            []string             // names of the load balancers in the file, "" for the default one
	Services             []string             // the services that the file wants endpoints for, by their short names
	Containers           []string             // names of the file's system containers
	Alerts               []model.Subscription // of the file, by name
	OpenCIDRs            bool                 // the file leaves the subnets' ranges open: those that stand count
	Existing             *ExistingVPC         // the VPC of others that the file names; nil where it names none
	Registries           []Registry
	Secrets              secret.Sources // what shall be stored; nil: no stored value is read
}

// Group is what is asked about an instance group of the file.
type Group struct {
	Name   string
	Types  []string
	AMI    string // a given image id, or empty
	Family string // "al2023", "al2", "bottlerocket"
	Arch   string // "x86_64", "arm64"
	// Accelerator is what the image needs drivers for: "gpu", "neuron" or nothing.
	Accelerator string
	PublicKey   string // an SSH key that the group brings along, or empty
	// Unscaled says that the file turns managed scaling off: the group's present size is what the file's is compared with.
	Unscaled bool
}

// call is one request of a round; it stores its answer in the look.
type call = fetch.Call

// row is how one kind of resource is read: the calls of each round, made from what the rounds before brought, and at
// the end the fold of all answers into resources.
type row struct {
	kind   model.Kind
	rounds []func(*look) []call
	fold   func(*look)
}

// look is one look under way. Answers are kept as AWS gave them until they are folded.
type look struct {
	c     *cloud.Cloud
	ask   Question
	scope model.Scope
	inv   model.Inventory
	keys  map[string]model.Key // by AWS id, ARN or name
	told  bool                 // all answers are there

	sync.Mutex // guards the answers while a round is under way
	answers
}

// All looks at the whole cluster and at the facts.
func All(ctx context.Context, c *cloud.Cloud, ask Question) (model.Inventory, model.Facts, error) {
	l := newLook(c, ask)
	if err := l.read(ctx, slices.Concat(grid(), facts(), []row{strangerRow()})); err != nil {
		return model.Inventory{}, model.Facts{}, err
	}
	return l.inv, l.facts(), nil
}

// Some looks again at some kinds and leaves the rest of the inventory as it was.
func (o Observer) Some(ctx context.Context, before model.Inventory, kinds ...model.Kind) (model.Inventory, error) {
	l := o.look(before)
	for r := range before.All() {
		h := before.Handle(r.Key())
		l.bind(r.Key(), h.ID, h.ARN)
	}
	if slices.Contains(kinds, model.KindVPC) {
		kinds = append(kinds, model.KindDefaultGroup) // AWS makes it with the VPC; nobody else would ask for it
	}
	if slices.Contains(kinds, model.KindSubscription) {
		kinds = append(kinds, model.KindTopic) // its tags tell which subscriptions are ours
	}
	for _, k := range kinds {
		l.forget(k)
	}
	rows := slices.DeleteFunc(grid(), func(r row) bool { return !slices.Contains(kinds, r.kind) })
	if err := l.read(ctx, rows); err != nil {
		return model.Inventory{}, err
	}
	l.inv.Strays = before.Strays // only a whole look sees all of them
	if slices.ContainsFunc(kinds, model.Kind.Tenant) {
		return o.tenants(ctx, l.inv)
	}
	return l.inv, nil
}

// Observer looks again at a cluster whose account is known.
type Observer struct {
	Cloud *cloud.Cloud
	Ask   Question
	Scope model.Scope
}

// look is a look that starts from what is known.
func (o Observer) look(before model.Inventory) *look {
	l := newLook(o.Cloud, o.Ask)
	l.scope, l.inv = o.Scope, before.Clone()
	return l
}

func newLook(c *cloud.Cloud, ask Question) *look {
	l := &look{c: c, ask: ask, keys: map[string]model.Key{}}
	l.scope = model.Scope{Region: c.Region, Environment: ask.Environment, Cluster: ask.Cluster}
	l.inv.At = c.Clock.Now()
	return l
}

// Cloud is the cloud that is looked at.
func (l *look) Cloud() *cloud.Cloud { return l.c }

func (l *look) forget(k model.Kind) {
	for _, r := range slices.Collect(l.inv.All()) {
		if r.Key().Kind == k {
			l.inv.Remove(r.Key())
		}
	}
}

// read makes the calls round by round, then folds the kinds in reading order, so that what others refer to is known.
func (l *look) read(ctx context.Context, rows []row) error {
	for round := 0; ; round++ {
		var calls []call
		deeper := false
		for _, r := range rows {
			if round < len(r.rounds) {
				deeper = true
				calls = append(calls, r.rounds[round](l)...)
			}
		}
		if !deeper {
			break
		}
		if err := errors.Join(cloud.Each(ctx, l.c, calls, func(ctx context.Context, f call) error { return f(ctx) })...); err != nil {
			return err
		}
	}
	l.told = true
	for _, r := range rows {
		r.fold(l)
	}
	return nil
}

// bind notes under which ids, ARNs and names AWS knows a resource.
func (l *look) bind(k model.Key, ids ...string) {
	for _, id := range ids {
		if id != "" {
			l.keys[id] = k
		}
	}
}

// key translates an id of AWS into our key; what is not ours keeps its id.
func (l *look) key(id string) model.Key {
	if id == "" {
		return model.Key{}
	}
	if k, ok := l.keys[id]; ok {
		return k
	}
	return model.Foreign(id)
}

// add puts a resource that was found into the inventory. A second one with the same key becomes a model.Duplicate,
// which no file asks for, so that the plan deletes it; the one that was made first (the lower id) stays.
func (l *look) add(r model.Resource, h model.Handle) {
	k := r.Key()
	if old := l.inv.Handle(k); l.inv.Has(k) && old.ID != h.ID {
		r = model.Duplicate{Resource: r, ID: h.ID}
		k = r.Key()
	}
	l.inv.Add(r, h)
	l.bind(k, h.ID, h.ARN)
}

// addLiving is add for what AWS shows for a while after it was deleted: what lives is preferred to what has the same key and
// is being deleted.
func (l *look) addLiving(r model.Resource, h model.Handle) {
	old := l.inv.Handle(r.Key())
	switch {
	case l.inv.Has(r.Key()) && h.Status == model.Leaving:
		l.inv.Add(model.Duplicate{Resource: r, ID: h.ID}, h)
	case l.inv.Has(r.Key()) && old.Status == model.Leaving:
		was, _ := l.inv.Get(r.Key())
		l.inv.Remove(r.Key())
		l.add(r, h)
		l.inv.Add(model.Duplicate{Resource: was, ID: old.ID}, old)
	default:
		l.add(r, h)
	}
}

// stray notes something that stands in the place of one of ours and is not.
func (l *look) stray(k model.Key, id, what string) {
	l.inv.Strays = append(l.inv.Strays, model.Stray{Key: k, ID: id, What: what})
}

// mine tells whether tags say that a resource is this cluster's, and under which key. The key is zero when its tag was
// lost and its name does not tell; kinds that AWS knows by name find it there.
func (l *look) mine(t model.Tags, kind model.Kind) (model.Key, bool) { return l.scope.Owns(kind, t) }

// keyed tells whether the tag that berth alone sets says so. Environment, cluster and name may be anybody's: a VPC,
// gateway or address that lost the tag is ours only if what it is wired with says so too.
func (l *look) keyed(t model.Tags, kind model.Kind) bool {
	_, ours := l.mine(t, kind)
	_, there := t.Lookup(model.TagKey)
	return ours && there
}
