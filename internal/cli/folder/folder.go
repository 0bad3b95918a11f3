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
	"berth/internal/placement/query"
)

// Files is what the command line says.
type Files struct {
	Dir        string // of the folder; empty where the files are named
	Definition string
	Service    string // empty: there is none
	Set        []string
	Environ    []string
	Flags      string // those that name the cluster, for commands to be copied
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
	offer := drive.Cluster{Config: cfg}.Offer(scope)
	names := known(given.Table{Cluster: offer})
	table, err := service.Given(ctx, c, offer, asked(read, names))
	if err != nil {
		return Order{}, err
	}
	if err := problem.Standing(service.Ownership{Stands: table.Standing.Cluster, Others: table.Others}, scope, f.Flags); err != nil {
		return Order{}, err
	}
	if more := manifest.Check(read, known(table)); more.Failed() {
		return Order{}, whole(more)
	} else {
		faults = append(faults, more...)
	}
	out, err := complete(table, read, f.Flags)
	out.Warnings = faults
	return out, err
}

// whole is what is wrong with the files, as they are shown.
func whole(faults manifest.Faults) error {
	return &problem.Problem{Code: faults[0].Code, Text: faults[0].Summary, Exit: problem.Misused, Whole: faults.String()}
}

func (f Files) sources() (manifest.Sources, error) {
	definition, path := f.paths()
	src := manifest.Sources{Folder: f.name(), Environ: f.Environ, Set: f.Set, Expression: expression}
	for _, one := range []struct {
		path string
		to   *manifest.File
	}{{definition, &src.Definition}, {path, &src.Service}} {
		if one.path == "" {
			continue
		}
		text, err := os.ReadFile(one.path)
		if errors.Is(err, fs.ErrNotExist) {
			return src, f.missing(one.path, err)
		}
		if err != nil {
			return src, unread(one.path, f.Dir, err)
		}
		*one.to = manifest.File{Name: one.path, Text: string(text)}
	}
	return src, nil
}

// missing is a file that is not there: what the folder needs, or which folder was meant.
func (f Files) missing(path string, err error) error {
	p := &problem.Problem{Code: "FIL001", Exit: problem.Misused, Text: "there is no file " + path}
	switch _, gone := os.Stat(f.Dir); {
	case f.Dir == "":
		p.Hints = []string{"name the file: --task-definition FILE, and --service FILE for a service; or the folder that holds both"}
	case gone != nil:
		p.Text = "there is no folder " + f.Dir
		p.Hints = []string{"name one that holds taskdef.json, and service.json for a service"}
		if near := f.others(); len(near) > 0 {
			p.Hints = append(p.Hints, "there are "+strings.Join(near, ", "))
		}
	default:
		p.Text = "the folder " + f.Dir + " has no taskdef.json"
		p.Hints = []string{
			"it is the input of aws ecs register-task-definition; of a task definition that AWS has: aws ecs describe-task-definition --task-definition NAME --query taskDefinition",
			"or name the file: --task-definition FILE",
		}
	}
	return &absentFile{p, err}
}

// absentFile is a problem of which it is known that a file is not there.
type absentFile struct {
	*problem.Problem

	cause error
}

// Unwrap gives both.
func (a *absentFile) Unwrap() []error { return []error{a.Problem, a.cause} }

// others are folders beside the one that is not there which could be deployed.
func (f Files) others() []string {
	const most = 12
	found, _ := filepath.Glob(filepath.Join(filepath.Dir(f.Dir), "*", "taskdef.json"))
	out := make([]string, 0, most)
	for _, path := range found[:min(len(found), most)] {
		out = append(out, filepath.Dir(path))
	}
	return out
}

// expression says what is wrong with a placement constraint's expression, and what was probably meant.
func expression(text string) (problem, hint string) {
	_, err := query.Parse(text)
	if bad, ok := errors.AsType[*query.Error](err); ok {
		return bad.Text, bad.Hint
	}
	return "", ""
}

// asked is what the cluster must tell of itself for the files: every reference, and the logins of registries. The names of the
// cluster are known before it is asked, and images may have them in theirs.
func asked(f manifest.Folder, names manifest.Cluster) []string {
	var out []string
	for _, r := range f.References {
		out = append(out, name(r))
	}
	for _, r := range manifest.Logins(manifest.Resolve(f, names.Answer), names) {
		out = append(out, "registry."+r.Host)
	}
	return out
}

// name is a reference as the cluster's table knows it.
func name(r manifest.Reference) string {
	if r.Route.Own() {
		return "target_group." + r.Route.String()
	}
	return strings.TrimSuffix(strings.TrimPrefix(r.String(), "${berth."), "}")
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
		if !r.InBucket {
			v, _ := t.Lookup("registry." + r.Host)
			out.Registries = append(out.Registries, manifest.Registry{Host: r.Host, Secret: v.Text})
		}
	}
	for _, g := range t.Groups {
		out.Groups = append(out.Groups, manifest.Group{Key: g, Provider: t.ProviderName(g), SecurityGroup: t.SecurityGroups[g]})
	}
	return out
}

// complete puts in what the cluster gives, and adds what a service should have.
func complete(t given.Table, f manifest.Folder, flags string) (Order, error) {
	var missing error
	f = manifest.Resolve(f, func(r manifest.Reference) (document.Value, bool) {
		v, err := t.Lookup(name(r))
		if err != nil && missing == nil {
			missing = absent(r.At.String()+": "+r.String(), err, flags)
		}
		return v, err == nil
	})
	if missing != nil {
		return Order{}, missing
	}
	cluster := known(t)
	for _, r := range manifest.Logins(f, cluster) {
		if _, err := t.Lookup("registry." + r.Host); err != nil {
			return Order{}, absent(f.Definition.Get("containerDefinitions").At.String(), err, flags)
		}
	}
	f, added := manifest.Complete(f, cluster)
	out := Order{Order: deploy.Order{Cluster: t.ClusterName(), Definition: f.Definition}, Added: added}
	spec := f.Service
	if f.Once() {
		spec = task(f.Definition)
	} else {
		out.Service = f.Name
	}
	var err error
	out.Spec, out.Needs, err = t.Provide(f.Name, f.Definition, spec)
	if bad, ok := errors.AsType[*given.Misplaced](err); ok {
		return out, &problem.Problem{Code: "DEP206", Text: bad.At.String() + ": " + bad.Text, Exit: problem.Misused}
	}
	return out, err
}

// absent is what the cluster has no answer for, and where it is asked for.
func absent(where string, err error, flags string) error {
	p := &problem.Problem{Code: "DEP206", Text: where + ": " + err.Error(), Exit: problem.Misused}
	if a, ok := errors.AsType[*given.Absent](err); ok {
		p.Hints, p.Exit = []string{"make it first: " + a.Fix + flags}, problem.Failed
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
