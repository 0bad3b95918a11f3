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
	"strconv"
	"strings"

	"berth/internal/cli/problem"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/deploy"
	"berth/internal/deploy/given"
	"berth/internal/document"
	"berth/internal/drive"
	"berth/internal/manifest"
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
	Added    []manifest.Added
	Warnings manifest.Faults
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
	src, err := f.sources()
	if err != nil {
		return Order{}, err
	}
	read, faults := manifest.Read(src)
	if faults.Failed() {
		return Order{}, whole(faults)
	}
	table, err := service.Given(ctx, c, drive.Cluster{Config: cfg}.Offer(scope), asked(read))
	if err != nil {
		return Order{}, err
	}
	if err := stands(table); err != nil {
		return Order{}, err
	}
	if more := manifest.Check(read, known(table)); more.Failed() {
		return Order{}, whole(more)
	} else {
		faults = append(faults, more...)
	}
	out, err := complete(table, read)
	out.Warnings = faults
	return out, err
}

// stands tells that the cluster is there, and is the file's.
func stands(t given.Table) error {
	p := &problem.Problem{Code: "DEP205", Exit: problem.Failed}
	switch {
	case !t.Standing.Cluster:
		p.Text, p.Hints = "there is no cluster "+t.ClusterName()+" to deploy to", []string{"make it first: berth apply"}
	case t.Others:
		p.Text = "the cluster " + t.ClusterName() + " belongs to somebody else: its tags are not those of environment " + t.Environment
		p.Hints = []string{"deploy with its own file (-f), or give the cluster of this one a name of its own: cluster = \"…\""}
	default:
		return nil
	}
	return p
}

// whole is what is wrong with the files, as they are shown.
func whole(faults manifest.Faults) error {
	return &problem.Problem{Code: faults[0].Code, Text: faults[0].Summary, Exit: problem.Misused, Whole: faults.String()}
}

func (f Files) sources() (manifest.Sources, error) {
	definition, path := f.paths()
	src := manifest.Sources{Folder: f.name(), Environ: f.Environ, Set: f.Set}
	for _, one := range []struct {
		path string
		to   *manifest.File
	}{{definition, &src.Definition}, {path, &src.Service}} {
		if one.path == "" {
			continue
		}
		text, err := os.ReadFile(one.path)
		if err != nil {
			return src, unread(one.path, f.Dir, err)
		}
		*one.to = manifest.File{Name: one.path, Text: string(text)}
	}
	return src, nil
}

// asked is what the cluster must tell of itself for the files: every reference, and the login of every image's registry.
func asked(f manifest.Folder) []string {
	var out []string
	for _, r := range f.References {
		out = append(out, name(r))
	}
	for _, c := range f.Definition.Get("containerDefinitions").Items {
		out = append(out, "registry."+given.Host(c.Get("image").Text))
	}
	return out
}

// name is a reference as the cluster's table knows it.
func name(r manifest.Reference) string {
	text := strings.TrimSuffix(strings.TrimPrefix(r.String(), "${berth."), "}")
	if !r.Rule.Given() {
		return text
	}
	escape := strings.NewReplacer("%", "%25", "&", "%26")
	var words []string
	add := func(key, value string) {
		if value != "" {
			words = append(words, key+"="+escape.Replace(value))
		}
	}
	add("path", strings.Join(r.Rule.Paths, ","))
	add("host", strings.Join(r.Rule.Hosts, ","))
	if r.Rule.Priority > 0 {
		add("priority", strconv.Itoa(r.Rule.Priority))
	}
	add("health_check", r.Rule.HealthCheck)
	add("health_codes", r.Rule.Codes)
	add("deregistration_delay", strconv.Itoa(r.Rule.Delay))
	add("protocol", r.Rule.Protocol)
	return text + "?" + strings.Join(words, "&")
}

// known is what the files' checks and completion need of the cluster.
func known(t given.Table) manifest.Cluster {
	role := func(what string) string { return t.RoleARN(what) }
	out := manifest.Cluster{
		Name: t.ClusterName(), Environment: t.Environment, Region: t.Region, Account: t.Account, LogPrefix: t.LogPrefix,
		ExecutionRole: role("execution"), TaskRole: role("task"), Subnets: t.PrivateSubnets,
	}
	for _, b := range t.Balancers {
		out.Balancers = append(out.Balancers, manifest.Balancer{
			Key: b.Name(), Name: t.BalancerName(b.Key), Classic: b.Classic, TargetGroup: t.Fronts[b.Name()].TargetGroup,
		})
	}
	for _, r := range t.Registries {
		if v, err := t.Lookup("registry." + r.Host); err == nil {
			out.Registries = append(out.Registries, manifest.Registry{Host: r.Host, Secret: v.Text})
		}
	}
	for _, g := range t.Groups {
		out.Groups = append(out.Groups, manifest.Group{Key: g, Provider: t.ProviderName(g), SecurityGroup: t.SecurityGroups[g]})
	}
	return out
}

// complete puts in what the cluster gives, and adds what a service should have.
func complete(t given.Table, f manifest.Folder) (Order, error) {
	var missing error
	f = manifest.Resolve(f, func(r manifest.Reference) (document.Value, bool) {
		v, err := t.Lookup(name(r))
		if err != nil && missing == nil {
			missing = absent(r, err)
		}
		return v, err == nil
	})
	if missing != nil {
		return Order{}, missing
	}
	f, added := manifest.Complete(f, known(t))
	def, _, err := t.Logins(f.Definition)
	if err != nil {
		return Order{}, err
	}
	out := Order{Order: deploy.Order{Cluster: t.ClusterName(), Definition: def}, Added: added}
	spec := f.Service
	if f.Once() {
		spec = task(def)
	} else {
		out.Service = f.Name
	}
	out.Spec, out.Needs, err = t.Provide(f.Name, def, spec)
	if bad, ok := errors.AsType[*given.Misplaced](err); ok {
		return out, &problem.Problem{Code: "DEP206", Text: bad.At.String() + ": " + bad.Text, Exit: problem.Misused}
	}
	return out, err
}

// absent is a reference that the cluster has no answer for.
func absent(r manifest.Reference, err error) error {
	p := &problem.Problem{Code: "DEP206", Text: r.At.String() + ": " + r.String() + ": " + err.Error(), Exit: problem.Misused}
	if a, ok := errors.AsType[*given.Absent](err); ok {
		p.Hints, p.Exit = []string{a.Fix}, problem.Failed
	}
	return p
}

// task is the input of RunTask for a task that runs once. It is spread as services are, and carries the definition's tags.
func task(def document.Value) document.Value {
	spread := func(field string) document.Value {
		return document.New("type", document.Of("spread"), "field", document.Of(field))
	}
	return document.New(
		"count", document.Int(1), "placementStrategy", document.Items(spread("attribute:ecs.availability-zone"), spread("instanceId")),
		"tags", def.Get("tags"),
	)
}

// Service is the name of the service that a folder is about; a name that is no folder is the service's own.
func Service(f Files) (string, error) {
	src, err := f.sources()
	if errors.Is(err, fs.ErrNotExist) {
		return filepath.Base(f.Dir), nil
	}
	if err != nil {
		return "", err
	}
	read, faults := manifest.Read(src)
	if read.Name == "" {
		return "", whole(faults)
	}
	return read.Name, nil
}

// unread says what stands where a folder with a taskdef.json should be.
func unread(path, dir string, err error) error {
	i, missing := os.Stat(dir)
	p := &problem.Problem{Code: "FIL001", Exit: problem.Misused, Hints: []string{"name a folder that has a taskdef.json: berth deploy DIR"}}
	switch {
	case dir == "":
		return err
	case missing == nil && !i.IsDir():
		p.Text, p.Hints = dir+" is a file, and berth deploy takes a folder", []string{"berth deploy " + problem.Shell(filepath.Dir(dir)) + ", or berth deploy --task-definition FILE --service FILE"}
	case errors.Is(missing, fs.ErrNotExist):
		p.Text = "there is no folder " + dir
	case errors.Is(err, fs.ErrNotExist):
		p.Text = "there is no " + path
	default:
		return err
	}
	return p
}
