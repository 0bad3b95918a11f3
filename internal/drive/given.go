package drive

import (
	"context"

	"berth/internal/config"
	"berth/internal/deploy/given"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/observe/service"
)

// Offer is what the file says that the cluster gives to services.
func (c Cluster) Offer(scope model.Scope) given.Cluster {
	out := given.Cluster{Scope: scope, LogPrefix: c.Config.LogPrefix, RetentionDays: c.Config.LogRetentionDays, Tags: tagsOf(c.Config.Tags)}
	for _, b := range c.Config.LoadBalancers {
		out.Balancers = append(out.Balancers, given.Balancer{Key: b.Key, Classic: b.Type == config.Classic})
	}
	for _, g := range c.Config.Groups {
		out.Groups = append(out.Groups, g.Name)
	}
	for _, r := range c.Config.Registries {
		out.Registries = append(out.Registries, given.Registry{Host: r.Host, SecretARN: r.SecretARN, InBucket: r.Store == config.S3})
	}
	return out
}

// Given is what the cluster gives, looked up as far as the names need it: names of placeholders without "berth.".
func (c Cluster) Given(ctx context.Context, names []string) (given.Table, error) {
	scope, err := observe.Who(ctx, c.Cloud, c.Config.Environment, c.Config.Cluster)
	if err != nil {
		return given.Table{}, err
	}
	return service.Given(ctx, c.Cloud, c.Offer(scope), names)
}
