package drive

import (
	"context"
	"slices"
	"time"

	"berth/internal/check"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/observe/quota"
	"berth/internal/plan"
	"berth/internal/secret"
)

// Cluster is one cluster: the file that describes it and the AWS that it stands on.
type Cluster struct {
	Cloud  *cloud.Cloud
	Config *config.Config
	// Secrets are what the file wants stored, read from where it says; nil: nobody has looked, and no stored value is read.
	Secrets secret.Sources
}

// Survey is one look at a cluster, compared with what is wanted.
type Survey struct {
	At       time.Time
	Want     model.Set
	Have     model.Inventory
	Facts    model.Facts
	Plan     plan.Plan
	Findings []check.Finding
}

// Question is what a look must know of the file.
func (c Cluster) Question() observe.Question {
	q := observe.Question{
		Environment: c.Config.Environment, Cluster: c.Config.Cluster, LogPrefix: c.Config.LogPrefix,
		OpenCIDRs: c.Config.Where("public_subnet_cidrs").File == "" && c.Config.Where("private_subnet_cidrs").File == "",
	}
	for _, g := range c.Config.Groups {
		q.Groups = append(q.Groups, observe.Group{
			Name: g.Name, Types: g.InstanceTypes, AMI: g.AMI, Family: g.AMIFamily, Arch: g.Arch, Accelerator: g.Accelerator,
			PublicKey: g.SSHPublicKey, Unscaled: !g.ManagedScaling,
		})
	}
	q.Alerts = desired.Subscriptions(c.Config)
	if e := c.Config.Existing; e != nil {
		q.Existing = &observe.ExistingVPC{ID: e.ID, Tags: tagsOf(e.Tags), Public: subnetsOf(e.Public), Private: subnetsOf(e.Private), Zones: e.Zones}
	}
	for _, e := range c.Config.Endpoints {
		q.Services = append(q.Services, e.Service)
	}
	for _, s := range c.Config.SystemContainers {
		q.Containers = append(q.Containers, s.Name)
	}
	for _, b := range c.Config.LoadBalancers {
		q.Balancers = append(q.Balancers, b.Key)
	}
	for _, r := range c.Config.Registries {
		q.Registries = append(q.Registries, observe.Registry{
			Host: r.Host, Username: r.Username, SecretARN: r.SecretARN, InBucket: r.Store == config.S3,
		})
	}
	q.Secrets = c.Secrets
	return q
}

func subnetsOf(s config.Subnets) observe.Subnets {
	return observe.Subnets{IDs: s.IDs, Tags: tagsOf(s.Tags)}
}

func tagsOf(tags []config.Tag) model.Tags {
	var out model.Tags
	for _, t := range tags {
		out = out.With(t.Key, t.Value)
	}
	return out
}

// Survey compares AWS with the file. It refuses what the facts make impossible (*check.Refusal) and what is in the way
// (*plan.Conflict).
func (c Cluster) Survey(ctx context.Context) (Survey, error) {
	have, facts, err := observe.All(ctx, c.Cloud, c.Question())
	if err != nil {
		return Survey{}, err
	}
	c.Config = desired.Settle(c.Config, facts)
	if err := check.Refuse(c.Config, facts); err != nil {
		return Survey{}, err
	}
	return c.assess(ctx, desired.Build(c.Config, facts), have, facts)
}

// Farewell compares AWS with nothing: what would have to go, with every service and task in the cluster, whoever
// started them.
func (c Cluster) Farewell(ctx context.Context) (Survey, error) {
	have, facts, err := observe.All(ctx, c.Cloud, c.Question())
	if err != nil {
		return Survey{}, err
	}
	if have, err = c.observer(facts.Scope).Rest(ctx, have); err != nil {
		return Survey{}, err
	}
	return c.assess(ctx, model.Set{}, have, facts)
}

func (c Cluster) observer(s model.Scope) observe.Observer {
	return observe.Observer{Cloud: c.Cloud, Ask: c.Question(), Scope: s}
}

// assess compares what was seen with what is wanted.
func (c Cluster) assess(ctx context.Context, want model.Set, have model.Inventory, facts model.Facts) (Survey, error) {
	p, err := plan.Make(want, have)
	if err != nil {
		return Survey{}, err
	}
	if want.Len() > 0 && losesBalancer(p) {
		if have.Lodgers, err = c.observer(facts.Scope).Lodgers(ctx, have); err != nil {
			return Survey{}, err
		}
	}
	s := Survey{At: c.Cloud.Clock.Now(), Want: want, Have: have, Facts: facts, Plan: p}
	s.Findings = check.All(check.Input{Config: desired.Settle(c.Config, facts), Facts: facts, Want: want, Have: have, Plan: p})
	return s, nil
}

// losesBalancer tells whether a load balancer goes: who is behind it is asked only then.
func losesBalancer(p plan.Plan) bool {
	return slices.ContainsFunc(p.Changes, func(ch plan.Change) bool {
		return ch.Verb == plan.Delete && (ch.Key.Kind == model.KindLoadBalancer || ch.Key.Kind == model.KindClassic)
	})
}

// Quotas refuses a plan that makes more than the account may have (*check.Quota). It asks only for what is made.
func (c Cluster) Quotas(ctx context.Context, p plan.Plan) error {
	demand := plan.Demand(p)
	if len(demand) == 0 {
		return nil
	}
	limits, err := quota.Read(ctx, c.Cloud, demand)
	if err != nil {
		return err
	}
	return check.Quotas(limits, demand)
}
