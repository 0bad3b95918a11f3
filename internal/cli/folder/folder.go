// Package folder reads what shall be deployed: the files of a service, and what the cluster gives to them.
//
// In: a folder or files, variables, the cluster's checked file and its AWS. Out: an order for deploy with the list of what was
// added to it, or every fault of the files. It changes nothing.
package folder

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"berth/internal/cli/problem"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/deploy/given"
	"berth/internal/deploy/usual"
	"berth/internal/document"
	"berth/internal/model"
	"berth/internal/observe/service"
)

// Files is what the command line says.
type Files struct {
	Dir        string // of the folder; empty where the files are named
	Definition string
	Service    string // empty: there is none
	Set        []string
	Environ    []string
}

// Order is an order, and what was added to what the files say.
type Order struct {
	deploy.Order
	Added []usual.Added
}

// Name is how the service or the task is called when the files do not say.
func (f Files) name() string {
	dir := f.Dir
	if dir == "" {
		dir = filepath.Dir(f.Definition)
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Base(dir)
}

// paths are the files to be read.
func (f Files) paths() (definition, service string) {
	if f.Dir == "" {
		return f.Definition, f.Service
	}
	service = filepath.Join(f.Dir, "service.json")
	if _, err := os.Stat(service); errors.Is(err, fs.ErrNotExist) {
		service = ""
	}
	return filepath.Join(f.Dir, "taskdef.json"), service
}

// Read reads the files for a cluster.
func Read(ctx context.Context, c *cloud.Cloud, cfg *config.Config, scope model.Scope, f Files) (Order, error) {
	definition, path := f.paths()
	def, err := parse(definition)
	if err != nil {
		return Order{}, err
	}
	var spec document.Value
	if path != "" {
		if spec, err = parse(path); err != nil {
			return Order{}, err
		}
	}
	name := f.name()
	if own := spec.Get("serviceName"); own.There() {
		name = own.Text
	}
	if !def.Get("family").There() {
		def = def.With("family", document.Of(name))
	}
	table, err := service.Given(ctx, c, Cluster(cfg, scope), registries(def))
	if err != nil {
		return Order{}, err
	}
	return complete(table, name, def, spec)
}

// complete adds what the cluster gives and what a service should have.
func complete(t given.Table, name string, def, spec document.Value) (Order, error) {
	if !t.Standing.Cluster {
		return Order{}, &problem.Problem{
			Code: "DEP205", Text: "there is no cluster " + t.ClusterName() + " to deploy to", Exit: problem.Failed, Hints: []string{"make it first: berth apply"},
		}
	}
	def, _, err := t.Logins(def)
	if err != nil {
		return Order{}, err
	}
	out := Order{Order: deploy.Order{Cluster: t.ClusterName()}}
	tags := t.Tags
	for _, tag := range t.ServiceTags(name) {
		tags = tags.With(tag.Key, tag.Value)
	}
	if spec.There() {
		out.Service = name
	}
	role := "arn:" + t.Partition + ":iam::" + t.Account + ":role" + t.RolePath() + t.RoleName("execution")
	def, spec, out.Added = usual.Complete(usual.Cluster{Scope: t.Scope, ExecutionRole: role, Tags: tags}, def, spec)
	out.Definition = def
	out.Spec, out.Needs, err = t.Provide(name, def, spec)
	return out, err
}

// registries are the registries of the images, as the names that the cluster is asked for.
func registries(def document.Value) []string {
	var out []string
	for _, c := range def.Get("containerDefinitions").Items {
		out = append(out, "registry."+given.Host(c.Get("image").Text))
	}
	return out
}

func parse(file string) (document.Value, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return document.Value{}, err
	}
	v, err := document.Parse(file, text)
	if bad, ok := errors.AsType[*document.Error](err); ok {
		return v, &problem.Problem{Code: "DEP001", Text: bad.Error(), Exit: problem.Misused}
	}
	return v, err
}

// Cluster is what a cluster's file says of what it gives.
func Cluster(cfg *config.Config, scope model.Scope) given.Cluster {
	out := given.Cluster{Scope: scope, LogPrefix: cfg.LogPrefix, RetentionDays: cfg.LogRetentionDays}
	for _, t := range cfg.Tags {
		out.Tags = out.Tags.With(t.Key, t.Value)
	}
	for _, b := range cfg.LoadBalancers {
		out.Balancers = append(out.Balancers, given.Balancer{Key: b.Key, Classic: b.Type == config.Classic})
	}
	for _, g := range cfg.Groups {
		out.Groups = append(out.Groups, g.Name)
	}
	for _, r := range cfg.Registries {
		out.Registries = append(out.Registries, given.Registry{Host: r.Host, SecretARN: r.SecretARN, InBucket: r.Store == config.S3})
	}
	return out
}

// Service is the name of the service that a folder is about; a name that is no folder is the service's own.
func Service(dir string) string {
	f := Files{Dir: dir}
	_, path := f.paths()
	if path == "" {
		return filepath.Base(dir)
	}
	if spec, err := parse(path); err == nil && spec.Get("serviceName").There() {
		return spec.Get("serviceName").Text
	}
	return f.name()
}
