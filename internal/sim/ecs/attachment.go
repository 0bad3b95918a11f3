package ecs

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/asg"
	"berth/internal/sim/cloudwatch"
	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// How far the attachments of a cluster's capacity providers are.
const (
	updating = "UPDATE_IN_PROGRESS"
	updated  = "UPDATE_COMPLETE"
	failed   = "UPDATE_FAILED"
)

// The types of attachments, and the name of the hook that managed draining puts onto a group.
const (
	policyAttachment = "as_policy"
	hookAttachment   = "managed_draining"
	drainingHook     = "ecs-managed-draining-termination-hook"
	policyPrefix     = "ECSManagedAutoScalingPolicy-"
)

// PutClusterCapacityProviders sets which capacity providers a cluster has and how tasks spread over them by default.
func PutClusterCapacityProviders(c *world.Call, in *ecs.PutClusterCapacityProvidersInput) (*ecs.PutClusterCapacityProvidersOutput, error) {
	switch {
	case in.Cluster == nil:
		return nil, missing("Cluster")
	case in.CapacityProviders == nil:
		return nil, missing("Capacity providers")
	case in.DefaultCapacityProviderStrategy == nil:
		return nil, missing("Default capacity provider strategy")
	}
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if row.AttachmentsStatus == updating {
		return nil, busy()
	}
	providers, err := capacity.ReadProviders(c.Region, in.CapacityProviders)
	if err != nil {
		return nil, err
	}
	strategy, err := capacity.ReadStrategy(c.Region, providers, in.DefaultCapacityProviderStrategy)
	if err != nil {
		return nil, err
	}
	for _, p := range row.Providers {
		if !slices.Contains(providers, p) && inUse(row, p) {
			return nil, wire.Errorf("ResourceInUseException", "The specified capacity provider is in use and cannot be removed.")
		}
	}
	row.Providers, row.Strategy = providers, strategy
	attach(c.World, c.Region, row)
	return &ecs.PutClusterCapacityProvidersOutput{Cluster: viewCluster(row, everything())}, nil
}

// busy is the refusal of a change to a cluster whose attachments are changing.
func busy() error {
	return wire.Errorf("UpdateInProgressException", "The specified cluster is in a busy state. "+
		"Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.")
}

// inUse tells whether a cluster has services or tasks that go to a capacity provider.
func inUse(row *world.Cluster, provider string) bool {
	for s := range row.Services.Rows() {
		if s.Status != inactive && slices.ContainsFunc(s.Strategy, func(i world.StrategyItem) bool { return i.Provider == provider }) {
			return true
		}
	}
	for t := range row.Tasks.Rows() {
		if t.Provider == provider && t.Status != stopped {
			return true
		}
	}
	return false
}

// attach begins to bring the groups of a cluster's providers in line with them.
func attach(w *world.World, r *world.Region, row *world.Cluster) {
	row.AttachmentsStatus = updating
	for _, name := range row.Providers {
		p, ok := r.ECS.Providers.Get(name)
		if !ok {
			continue
		}
		if p.Scaling {
			promise(w, row, name, policyAttachment, policyPrefix+w.UUID())
		}
		if p.Draining {
			promise(w, row, name, hookAttachment, drainingHook)
		}
	}
	w.Schedule(w.Draw("ecs.attachments-update", row.Name, soon(8*time.Second)),
		world.Event{Kind: "ecs.attachments-updated", Region: r.Name, ID: row.Name})
}

// promise adds an attachment that will be made, unless the cluster has it.
func promise(w *world.World, row *world.Cluster, provider, kind, name string) {
	if slices.ContainsFunc(row.Attachments, func(a world.ClusterAttachment) bool { return a.Provider == provider && a.Type == kind }) {
		return
	}
	row.Attachments = append(row.Attachments, world.ClusterAttachment{ID: w.UUID(), Provider: provider, Type: kind, Status: "PRECREATED", Name: name})
}

// attached puts onto groups what is promised, and takes off what is no longer wanted.
func attached(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	row, ok := r.ECS.Clusters.Get(e.ID)
	if !ok || row.AttachmentsStatus != updating {
		return
	}
	row.AttachmentsStatus = updated
	var kept []world.ClusterAttachment
	for _, a := range row.Attachments {
		p, ok := r.ECS.Providers.Get(a.Provider)
		if !ok || !slices.Contains(row.Providers, a.Provider) || !wanted(p, a.Type) {
			withdraw(w, r, row, p, a)
			continue
		}
		if a.Status = "ACTIVE"; !put(w, r, row, p, a) {
			row.AttachmentsStatus = failed
		}
		kept = append(kept, a)
	}
	row.Attachments = kept
	for _, name := range row.Providers {
		cluster{row, w, r}.remeasure(name)
	}
	switch row.Status {
	case provisioning:
		row.Status = active
	case deprovisioning:
		row.Status, row.AttachmentsStatus = inactive, ""
	}
}

func wanted(p *world.CapacityProvider, kind string) bool {
	return kind == policyAttachment && p.Scaling || kind == hookAttachment && p.Draining
}

// withdraw takes a scaling policy off its group. The lifecycle hook stays where managed draining is still on: ECS leaves
// it behind, and nobody completes it any more.
func withdraw(w *world.World, r *world.Region, row *world.Cluster, p *world.CapacityProvider, a world.ClusterAttachment) {
	if a.Type == policyAttachment {
		cloudwatch.Release(w, r, metricOf(row.Name, a.Provider))
	}
	if p == nil {
		return
	}
	g, ok := asg.Find(r, p.GroupName)
	if !ok {
		return
	}
	if a.Type == policyAttachment {
		asg.RemovePolicy(w, r, g, a.Name)
	} else if !p.Draining {
		asg.RemoveHook(w, r, g, a.Name)
	}
}

// put makes an attachment on its provider's group; it tells whether the group is there.
func put(w *world.World, r *world.Region, row *world.Cluster, p *world.CapacityProvider, a world.ClusterAttachment) bool {
	g, ok := asg.Find(r, p.GroupName)
	if !ok {
		return false
	}
	if a.Type == hookAttachment {
		asg.PutHook(g, world.LifecycleHook{Name: drainingHook, Transition: asg.Terminating, DefaultResult: asg.Continue, Heartbeat: 3600})
		return true
	}
	metric := metricOf(row.Name, p.Name)
	policy := &world.ScalingPolicy{
		Name: a.Name, Target: float64(p.Target), Warmup: aws.Int32(int32(p.Warmup)),
		Metric: metric.Name, Namespace: metric.Namespace, Statistic: "Average", Dimensions: metric.Dimensions, Managed: true,
	}
	if old, ok := g.Policies.Get(a.Name); ok {
		policy.ARN, policy.Alarms = old.ARN, old.Alarms
	}
	asg.PutPolicy(w, r, g, policy)
	shield(w, r, p, g)
	return true
}

func viewAttachments(row *world.Cluster) []types.Attachment {
	out := []types.Attachment{}
	for _, a := range row.Attachments {
		detail := "scalingPolicyName"
		if a.Type == hookAttachment {
			detail = "autoScalingLifecycleHookName"
		}
		out = append(out, types.Attachment{
			Id: aws.String(a.ID), Type: aws.String(a.Type), Status: aws.String(a.Status),
			Details: []types.KeyValuePair{
				{Name: aws.String("capacityProviderName"), Value: aws.String(a.Provider)},
				{Name: aws.String(detail), Value: aws.String(a.Name)},
			},
		})
	}
	return out
}
