// Package apply writes AWS: it carries out one change at a time, as the plan says.
//
// In: a plan.Change and the inventory with the ids of what stands. Out: the resource's handle, or an error. It chooses
// nothing, waits for nothing and looks at nothing: what a call answers is all it knows. One file per kind of resource.
package apply

import (
	"context"
	"fmt"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/secret"
)

// Writer carries out changes of one cluster.
type Writer struct {
	Cloud *cloud.Cloud
	Scope model.Scope
	// Secrets are the values to be stored; a plan that stores none needs none.
	Secrets secret.Sources
}

// job is one change under way.
type job struct {
	c       *cloud.Cloud
	scope   model.Scope
	have    model.Inventory // read only
	change  plan.Change
	secrets secret.Sources
	attempt int
}

// Do carries out a change and answers with the handle that its resource has afterwards. A Delete answers with the zero
// handle; when AWS takes time for it, with Leaving. have is what stands now; attempt counts from 1 and makes tokens
// differ, so that a create that AWS refused can be asked for again.
func (w Writer) Do(ctx context.Context, c plan.Change, have model.Inventory, attempt int) (model.Handle, error) {
	e, ok := grid()[c.Key.Kind]
	if !ok {
		e, ok = tenants()[c.Key.Kind]
	}
	if !ok {
		return model.Handle{}, fmt.Errorf("nothing is known about changing a %s", c.Key.Kind)
	}
	j := &job{c: w.Cloud, scope: w.Scope, have: have, change: c, secrets: w.Secrets, attempt: attempt}
	switch c.Verb {
	case plan.Create:
		return e.create(ctx, j, c.To)
	case plan.Update:
		return e.update(ctx, j, c.To)
	case plan.Delete:
		return e.remove(ctx, j, plain(c.From))
	case plan.Wait:
	}
	return have.Handle(c.Key), nil
}

// plain is the resource behind a duplicate.
func plain(r model.Resource) model.Resource {
	if d, ok := r.(model.Duplicate); ok {
		return d.Resource
	}
	return r
}

// entry is how one kind is written. update finds what differs in j.change.Fields and what was in j.change.From.
type entry struct {
	create func(context.Context, *job, model.Resource) (model.Handle, error)
	update func(context.Context, *job, model.Resource) (model.Handle, error)
	remove func(context.Context, *job, model.Resource) (model.Handle, error)
}

// typed makes an entry from functions over one type of resource.
func typed[R model.Resource](create, update, remove func(context.Context, *job, R) (model.Handle, error)) entry {
	wrap := func(f func(context.Context, *job, R) (model.Handle, error)) func(context.Context, *job, model.Resource) (model.Handle, error) {
		return func(ctx context.Context, j *job, r model.Resource) (model.Handle, error) { return f(ctx, j, r.(R)) }
	}
	return entry{wrap(create), wrap(update), wrap(remove)}
}

// handle is how AWS names the resource that the change is about.
func (j *job) handle() model.Handle { return j.have.Handle(j.change.Key) }

// id is AWS's id of the resource that the change is about.
func (j *job) id() string { return j.have.ID(j.change.Key) }

// ids translates keys into AWS's ids.
func (j *job) ids(keys []model.Key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = j.have.ID(k)
	}
	return out
}

// token makes a create repeatable.
func (j *job) token() string { return j.c.Token(j.change.Key.String(), j.attempt) }

// differs tells whether one of the named settings changes; a name that ends in a dot stands for all that begin with it.
func (j *job) differs(names ...string) bool {
	for _, f := range j.change.Fields {
		for _, n := range names {
			if f.Name == n || n[len(n)-1] == '.' && len(f.Name) > len(n) && f.Name[:len(n)] == n {
				return true
			}
		}
	}
	return false
}

// gone turns an answer that there is no such thing into success: somebody else deleted it.
func gone(err error) error {
	if err != nil && cloud.Missing(err) {
		return nil
	}
	return err
}
