package verify

import (
	"slices"
	"strings"

	"berth/internal/deploy"
	"berth/internal/document"
)

// The kinds of things that a folder names.
const (
	Secret        = "secret"
	Parameter     = "parameter"
	RoleKind      = "role"
	LogGroup      = "log group"
	TargetKind    = "target group"
	ClassicKind   = "classic load balancer"
	SubnetKind    = "subnet"
	SecurityGroup = "security group"
)

// Want is something that a folder names and that must be there.
type Want struct {
	Kind   string
	Name   string // its ARN, name or id, as AWS is asked for it
	Region string // of its ARN or setting; empty: the cluster's
	For    string // who names it: "container web", "the tasks"; of a role "task role"
	At     document.Position
}

// Wanted is what an order names, each thing once, in the order of the files. What berth makes itself is not among it.
func Wanted(o deploy.Order) []Want {
	w := &wants{}
	for _, c := range o.Definition.Get("containerDefinitions").Items {
		w.container(c)
	}
	w.add(RoleKind, o.Definition.Get("executionRoleArn"), "execution role")
	w.add(RoleKind, o.Definition.Get("taskRoleArn"), "task role")
	for _, b := range o.Spec.Get("loadBalancers").Items {
		if arn := b.Get("targetGroupArn"); strings.HasPrefix(arn.Text, "arn:") {
			w.add(TargetKind, arn, "the service")
		}
		w.add(ClassicKind, b.Get("loadBalancerName"), "the service")
	}
	vpc := o.Spec.Get("networkConfiguration", "awsvpcConfiguration")
	for _, s := range vpc.Get("subnets").Items {
		w.add(SubnetKind, s, "the tasks")
	}
	for _, s := range vpc.Get("securityGroups").Items {
		w.add(SecurityGroup, s, "the tasks")
	}
	return w.all
}

const registryOf = "the registry of "

type wants struct{ all []Want }

func (w *wants) add(kind string, v document.Value, who string) {
	if v.Text == "" {
		return
	}
	one := Want{Kind: kind, Name: v.Text, For: who, At: v.At}
	if parts := strings.SplitN(v.Text, ":", 6); parts[0] == "arn" && len(parts) == 6 {
		one.Region = parts[3]
	}
	if slices.ContainsFunc(w.all, func(o Want) bool { return o.Kind == one.Kind && o.Name == one.Name }) {
		return
	}
	w.all = append(w.all, one)
}

// container is what one container names: ECS hands secrets to it and to its log driver, and logs in to its registry.
func (w *wants) container(c document.Value) {
	who := "container " + c.Get("name").Text
	for _, list := range [][]document.Value{c.Get("secrets").Items, c.Get("logConfiguration", "secretOptions").Items} {
		for _, s := range list {
			w.secret(s.Get("valueFrom"), who)
		}
	}
	if login := c.Get("repositoryCredentials", "credentialsParameter"); login.Text != "" {
		w.secret(login, registryOf+who)
	}
	options := c.Get("logConfiguration", "options")
	if c.Get("logConfiguration", "logDriver").Text == "awslogs" && options.Get("awslogs-create-group").Text != "true" {
		before := len(w.all)
		w.add(LogGroup, options.Get("awslogs-group"), who)
		if len(w.all) > before {
			w.all[before].Region = options.Get("awslogs-region").Text
		}
	}
}

// secret is a secret of Secrets Manager, without the key, stage and version behind its ARN, or a parameter of Systems Manager by
// its ARN or name (ECS API reference, Secret).
func (w *wants) secret(v document.Value, who string) {
	parts := strings.Split(v.Text, ":")
	if len(parts) >= 7 && parts[2] == "secretsmanager" {
		v.Text = strings.Join(parts[:7], ":")
		w.add(Secret, v, who)
		return
	}
	if strings.HasPrefix(who, registryOf) {
		w.add(Secret, v, who)
		return
	}
	w.add(Parameter, v, who)
}
