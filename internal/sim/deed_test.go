package sim_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/traffic"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

var shop = aws.String("shop")

// image is the image of some program.
func (h *history) image() *string {
	return aws.String("berth.sim/" + oneOf(h,
		"web", "web", "web", "web?boot=20s", "web?boot=90s", "web?crash=5s", "web?crash=70s&boot=10s", "web?oom", "web?unhealthy=30s",
		"web?status=500", "web?slowstop=40s", "web?ignore-sigterm", "web?once=15s", "web?silent", "web?drop", "web?pull=missing",
		"web?pull=wrong-arch", "web?pull=slow=30s", "web?took=2s",
	))
}

// register makes a revision of a family: with a port of the agent's choice, with an interface of its own ("own…"), or with
// a fixed port ("fixed…").
func (h *history) register(family string, image *string) {
	web := ecstypes.ContainerDefinition{
		Name: aws.String("web"), Image: image, Cpu: 128, Memory: aws.Int32(256), PortMappings: []ecstypes.PortMapping{{ContainerPort: aws.Int32(80)}},
	}
	if h.coin() {
		web.HealthCheck = &ecstypes.HealthCheck{Command: []string{"CMD", "x"}, Interval: aws.Int32(10), Timeout: aws.Int32(2), Retries: aws.Int32(2)}
	}
	in := &ecs.RegisterTaskDefinitionInput{Family: &family, ContainerDefinitions: []ecstypes.ContainerDefinition{web}}
	switch {
	case strings.HasPrefix(family, "own"):
		in.NetworkMode = ecstypes.NetworkModeAwsvpc
	case strings.HasPrefix(family, "fixed"):
		in.ContainerDefinitions[0].PortMappings[0].HostPort = aws.Int32(8080 + int32(family[len(family)-1]-'a'))
	}
	_, _ = h.c.ecs.RegisterTaskDefinition(ctx(), in)
}

// deployment is some configuration of deployments whose bounds never forbid both.
func (h *history) deployment() *ecstypes.DeploymentConfiguration {
	b := oneOf(h, [2]int32{0, 100}, [2]int32{0, 150}, [2]int32{50, 200}, [2]int32{100, 200})
	return &ecstypes.DeploymentConfiguration{
		MinimumHealthyPercent: &b[0], MaximumPercent: &b[1],
		DeploymentCircuitBreaker: &ecstypes.DeploymentCircuitBreaker{Enable: h.coin(), Rollback: h.coin()},
	}
}

func (h *history) strategy() []ecstypes.PlacementStrategy {
	return oneOf(h, nil,
		[]ecstypes.PlacementStrategy{{Type: ecstypes.PlacementStrategyTypeBinpack, Field: aws.String("memory")}},
		[]ecstypes.PlacementStrategy{{Type: ecstypes.PlacementStrategyTypeRandom}},
		[]ecstypes.PlacementStrategy{
			{Type: ecstypes.PlacementStrategyTypeSpread, Field: aws.String("attribute:ecs.availability-zone")},
			{Type: ecstypes.PlacementStrategyTypeSpread, Field: aws.String("instanceId")},
		})
}

func (h *history) constraints() []ecstypes.PlacementConstraint {
	return oneOf(h, nil, nil,
		[]ecstypes.PlacementConstraint{{Type: ecstypes.PlacementConstraintTypeDistinctInstance}},
		[]ecstypes.PlacementConstraint{{Type: ecstypes.PlacementConstraintTypeMemberOf, Expression: aws.String("attribute:ecs.os-type == linux and not(task:group == none)")}})
}

// createService makes a service with a definition of its own.
func (h *history) createService(name string) {
	family, daemon := oneOf(h, "port-", "own-", "fixed-")+name, h.upTo(6) == 0
	if daemon {
		family = oneOf(h, "port-", "fixed-") + name // an instance has few interfaces
	}
	h.register(family, h.image())
	in := &ecs.CreateServiceInput{
		Cluster: shop, ServiceName: &name, TaskDefinition: &family, DesiredCount: aws.Int32(int32(h.upTo(4))),
		DeploymentConfiguration: h.deployment(), PlacementStrategy: h.strategy(), PlacementConstraints: h.constraints(),
	}
	if h.coin() {
		in.CapacityProviderStrategy = []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
	}
	if daemon {
		in.SchedulingStrategy, in.DesiredCount, in.PlacementStrategy, in.CapacityProviderStrategy = ecstypes.SchedulingStrategyDaemon, nil, nil, nil
		in.PlacementConstraints, in.DeploymentConfiguration = nil, &ecstypes.DeploymentConfiguration{MinimumHealthyPercent: aws.Int32(0), MaximumPercent: aws.Int32(100)}
	}
	h.wire(in, family)
	_, _ = h.c.ecs.CreateService(ctx(), in) // a service of this name may be there
}

// wire puts a service behind the load balancer that its definition suits, or behind none.
func (h *history) wire(in *ecs.CreateServiceInput, family string) {
	b := ecstypes.LoadBalancer{ContainerName: aws.String("web"), ContainerPort: aws.Int32(80)}
	kind, _, _ := strings.Cut(family, "-")
	h.region(func(_ *world.World, r *world.Region) {
		want := map[string]string{"port": "instance", "own": "ip"}[kind]
		for g := range r.Balancing.TargetGroups.Rows() {
			if g.TargetType == want {
				b.TargetGroupArn = aws.String(g.ARN)
			}
		}
		if kind == "own" {
			in.NetworkConfiguration = network(r)
		}
	})
	if family == "fixed-a" {
		b.LoadBalancerName = aws.String("old")
	}
	if named := b.LoadBalancerName != nil || b.TargetGroupArn != nil; named && h.upTo(3) > 0 {
		in.LoadBalancers = []ecstypes.LoadBalancer{b}
		if h.coin() {
			in.HealthCheckGracePeriodSeconds = aws.Int32(30)
		}
	}
}

// network lets tasks have interfaces in all subnets, and the load balancer reach them.
func network(r *world.Region) *ecstypes.NetworkConfiguration {
	own := &ecstypes.AwsVpcConfiguration{}
	for id := range r.EC2.Subnets.All() {
		own.Subnets = append(own.Subnets, id)
	}
	for id, g := range r.EC2.SecurityGroups.All() {
		if g.Name == "web" {
			own.SecurityGroups = []string{id}
		}
	}
	return &ecstypes.NetworkConfiguration{AwsvpcConfiguration: own}
}

// pick is one of the ids that a function finds, or none.
func (h *history) pick(find func(*world.Region, *world.Cluster) []string) *string {
	var ids []string
	h.region(func(_ *world.World, r *world.Region) {
		k, _ := r.ECS.Clusters.Get("shop")
		ids = find(r, k)
	})
	return aws.String(oneOf(h, append(ids, "none")...))
}

func (h *history) aService() *string {
	return h.pick(func(_ *world.Region, k *world.Cluster) (ids []string) {
		for s := range k.Services.Rows() {
			ids = append(ids, s.Name)
		}
		return ids
	})
}

func (h *history) aTask() *string {
	return h.pick(func(_ *world.Region, k *world.Cluster) (ids []string) {
		for t := range k.Tasks.Rows() {
			if t.Desired == "RUNNING" {
				ids = append(ids, t.ID)
			}
		}
		return ids
	})
}

func (h *history) aContainerInstance() *string {
	return h.pick(func(_ *world.Region, k *world.Cluster) (ids []string) {
		for i := range k.Instances.Rows() {
			if i.Status != "INACTIVE" {
				ids = append(ids, i.ID)
			}
		}
		return ids
	})
}

func (h *history) anInstance() *string {
	return h.pick(func(r *world.Region, _ *world.Cluster) (ids []string) {
		for i := range r.EC2.Instances.Rows() {
			if i.State == world.InstanceRunning {
				ids = append(ids, i.ID)
			}
		}
		return ids
	})
}

// deeds are what owners do; what is refused, because what they ask for is not there or cannot be, changes nothing.
func (h *history) deeds() []func() error {
	return []func() error{h.deploy, h.force, h.scale, h.scale, h.configure, h.drain, h.drain, h.terminate, h.resize, h.limits, h.stop, h.run, h.protect, h.deregister, h.found, h.drop, h.read, h.receive, h.renew}
}

func (h *history) updates(change func(context.Context, *ecs.UpdateServiceInput)) error {
	in := &ecs.UpdateServiceInput{Cluster: shop, Service: h.aService()}
	change(ctx(), in)
	_, err := h.c.ecs.UpdateService(ctx(), in)
	return err
}

func (h *history) deploy() error {
	return h.updates(func(_ context.Context, in *ecs.UpdateServiceInput) {
		family := ""
		h.region(func(_ *world.World, r *world.Region) {
			k, _ := r.ECS.Clusters.Get("shop")
			if s, ok := k.Services.Get(*in.Service); ok {
				family, _, _ = strings.Cut(s.Definition, ":")
			}
		})
		h.register(family, h.image())
		in.TaskDefinition = &family
	})
}

func (h *history) force() error {
	return h.updates(func(_ context.Context, in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true })
}

func (h *history) scale() error {
	return h.updates(func(_ context.Context, in *ecs.UpdateServiceInput) { in.DesiredCount = aws.Int32(int32(h.upTo(6))) })
}

func (h *history) configure() error {
	return h.updates(func(_ context.Context, in *ecs.UpdateServiceInput) {
		in.DeploymentConfiguration, in.PlacementStrategy, in.PlacementConstraints = h.deployment(), h.strategy(), h.constraints()
	})
}

func (h *history) drain() error {
	_, err := h.c.ecs.UpdateContainerInstancesState(ctx(), &ecs.UpdateContainerInstancesStateInput{
		Cluster: shop, ContainerInstances: []string{*h.aContainerInstance()},
		Status: oneOf(h, ecstypes.ContainerInstanceStatusActive, ecstypes.ContainerInstanceStatusDraining),
	})
	return err
}

func (h *history) terminate() error {
	if h.coin() {
		_, err := h.c.ec2.TerminateInstances(ctx(), &ec2.TerminateInstancesInput{InstanceIds: []string{*h.anInstance()}})
		return err
	}
	_, err := h.c.asg.TerminateInstanceInAutoScalingGroup(ctx(), &autoscaling.TerminateInstanceInAutoScalingGroupInput{
		InstanceId: h.anInstance(), ShouldDecrementDesiredCapacity: aws.Bool(h.coin()),
	})
	return err
}

func (h *history) resize() error {
	_, err := h.c.asg.SetDesiredCapacity(ctx(), &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(int32(h.upTo(5)))})
	return err
}

func (h *history) limits() error {
	least := h.upTo(3)
	_, err := h.c.asg.UpdateAutoScalingGroup(ctx(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("web"), MinSize: aws.Int32(int32(least)), MaxSize: aws.Int32(int32(least + h.upTo(4))),
	})
	return err
}

func (h *history) stop() error {
	_, err := h.c.ecs.StopTask(ctx(), &ecs.StopTaskInput{Cluster: shop, Task: h.aTask()})
	return err
}

func (h *history) run() error {
	h.register("port-job", h.image())
	in := &ecs.RunTaskInput{Cluster: shop, TaskDefinition: aws.String("port-job"), Count: aws.Int32(int32(1 + h.upTo(3))), PlacementStrategy: h.strategy()}
	if h.coin() {
		in.CapacityProviderStrategy = []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: aws.String("web"), Weight: 1}}
	}
	_, err := h.c.ecs.RunTask(ctx(), in)
	return err
}

func (h *history) protect() error {
	_, err := h.c.ecs.UpdateTaskProtection(ctx(), &ecs.UpdateTaskProtectionInput{
		Cluster: shop, Tasks: []string{*h.aTask()}, ProtectionEnabled: h.coin(), ExpiresInMinutes: aws.Int32(int32(1 + h.upTo(20))),
	})
	return err
}

func (h *history) deregister() error {
	_, err := h.c.ecs.DeregisterContainerInstance(ctx(), &ecs.DeregisterContainerInstanceInput{
		Cluster: shop, ContainerInstance: h.aContainerInstance(), Force: aws.Bool(h.coin()),
	})
	return err
}

func (h *history) found() error {
	h.createService(string(rune('a' + h.upTo(6))))
	return nil
}

func (h *history) drop() error {
	if h.coin() {
		return nil
	}
	_, err := h.c.ecs.DeleteService(ctx(), &ecs.DeleteServiceInput{Cluster: shop, Service: h.aService(), Force: aws.Bool(true)})
	return err
}

// read checks what DescribeClusters counts against what can be listed.
func (h *history) read() error {
	out, err := h.c.ecs.DescribeClusters(ctx(), &ecs.DescribeClustersInput{Clusters: []string{"shop"}})
	if err != nil || len(out.Clusters) != 1 {
		return err
	}
	c := out.Clusters[0]
	h.region(func(w *world.World, r *world.Region) {
		if w.Weather.Stale > 0 {
			return
		}
		k, _ := r.ECS.Clusters.Get("shop")
		runs, pends, services, instances := 0, 0, 0, 0
		for t := range k.Tasks.Rows() {
			switch {
			case t.Status == "STOPPED":
			case starting(t):
				pends++
			default:
				runs++
			}
		}
		for s := range k.Services.Rows() {
			if s.Status == "ACTIVE" {
				services++
			}
		}
		for i := range k.Instances.Rows() {
			if i.Status != "INACTIVE" {
				instances++
			}
		}
		got := []int32{c.RunningTasksCount, c.PendingTasksCount, c.ActiveServicesCount, c.RegisteredContainerInstancesCount}
		if want := []int32{int32(runs), int32(pends), int32(services), int32(instances)}; !slices.Equal(got, want) {
			h.laws.breaks(w, "DescribeClusters counts %v, the sums are %v", got, want)
		}
	})
	return nil
}

func (h *history) receive() error {
	out, err := h.m.sqs.ReceiveMessage(ctx(), &sqs.ReceiveMessageInput{QueueUrl: h.queue(), MaxNumberOfMessages: 10})
	if err != nil {
		return err
	}
	for _, m := range out.Messages {
		if h.coin() {
			_, _ = h.m.sqs.DeleteMessage(ctx(), &sqs.DeleteMessageInput{QueueUrl: h.queue(), ReceiptHandle: m.ReceiptHandle})
		}
	}
	return nil
}

func (h *history) queue() *string {
	return aws.String("https://sqs." + wiretest.Region + ".amazonaws.com/" + world.Account + "/watch")
}

// renew changes the capacity provider, or how long targets drain.
func (h *history) renew() error {
	_, err := h.c.ecs.UpdateCapacityProvider(ctx(), &ecs.UpdateCapacityProviderInput{Name: aws.String("web"), AutoScalingGroupProvider: &ecstypes.AutoScalingGroupProviderUpdate{
		ManagedDraining: oneOf(h, ecstypes.ManagedDrainingEnabled, ecstypes.ManagedDrainingDisabled),
	}})
	return err
}

// misfortunes are what nobody does.
func (h *history) misfortunes() []func() {
	return []func(){
		func() {
			h.setWeather(world.Weather{Throttle: 0.1, Break: 0.1, LoseRequest: 0.1, LoseAnswer: 0.2, Stale: 0.2})
		},
		func() { h.setWeather(world.Weather{}) },
		func() {
			kind := oneOf(h, "missing", "unauthorized", "ratelimited", "unreachable")
			h.region(func(w *world.World, r *world.Region) {
				r.ECS.Unpullable.Put("berth.sim/", &world.Outage{Kind: kind, Until: w.Now().Add(2 * time.Minute)})
				k, _ := r.ECS.Clusters.Get("shop")
				for i := range k.Instances.Rows() {
					i.Images = nil
				}
			})
		},
		h.befall, h.befall, h.befall,
		func() {
			s, n := *h.aService(), int64(h.upTo(50))
			h.region(func(w *world.World, r *world.Region) { _ = traffic.Offer(w, r, s, n) })
		},
	}
}

func (h *history) setWeather(x world.Weather) { h.s.With(func(w *world.World) { w.Weather = x }) }

// befall lets a zone, a machine or an image fail for a while.
func (h *history) befall() {
	zone, id := wiretest.Region+oneOf(h, "a", "b"), *h.anInstance()
	after, lasts := time.Duration(h.upTo(60))*time.Second, time.Duration(30+h.upTo(900))*time.Second
	o := oneOf(h, outage.Power(zone, false), outage.Power(zone, true), outage.Network(zone), outage.Capacity(zone, "", false),
		outage.Impaired(id), outage.Terminated(id))
	h.region(func(w *world.World, r *world.Region) { _, _ = outage.Plan(w, r, o, after, lasts) })
}

// live lets so many things happen, with time between them.
func (h *history) live(steps int) {
	for range steps {
		if h.upTo(4) == 0 {
			oneOf(h, h.misfortunes()...)()
		} else {
			_ = oneOf(h, h.deeds()...)()
		}
		h.wait(time.Duration(h.upTo(oneOf(h, 2, 20, 200)))*time.Second + time.Duration(h.upTo(1000))*time.Millisecond)
	}
	h.setWeather(world.Weather{})
}
