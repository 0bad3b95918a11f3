package elb

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// CreateListener opens a port of a load balancer, with a default rule. A call that repeats the settings of the listener
// on that port answers with that one.
func CreateListener(c *world.Call, in *elbv2.CreateListenerInput) (*elbv2.CreateListenerOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	tags, err := fromTags(in.Tags)
	if err != nil {
		return nil, err
	}
	l := &world.Listener{LoadBalancer: lb.ARN, Port: aws.ToInt32(in.Port), Protocol: string(in.Protocol), MutualMode: "off", Tags: tags}
	if err := (listenerWanted{in.Certificates, in.SslPolicy, in.AlpnPolicy, in.MutualAuthentication}).apply(c.Region, lb, l); err != nil {
		return nil, err
	}
	actions, err := fromActions(c.Region, lb, l, in.DefaultActions)
	if err != nil {
		return nil, err
	}
	if old := listenerOn(c.Region, lb.ARN, l.Port); old != nil {
		if !alike(c.Region, old, l, actions) {
			return nil, refuse("DuplicateListener", "A listener already exists on this port for this load balancer '%s'", lb.ARN)
		}
		return &elbv2.CreateListenerOutput{Listeners: []types.Listener{toListener(c.Region, old)}}, nil
	}
	if len(listenersOf(c.Region, lb.ARN)) >= listenersPerBalancer().in(c.Region) {
		return nil, refuse("TooManyListeners", "The maximum number of listeners has been reached for load balancer '%s'", lb.ARN)
	}
	tail := shortType(lb.Type) + "/" + lb.Name + "/" + lb.ID + "/" + c.Hex(16)
	l.ARN = arnOf(c.Region, "listener/"+tail)
	d := &world.ListenerRule{ARN: arnOf(c.Region, "listener-rule/"+tail+"/"+c.Hex(16)), Listener: l.ARN, Default: true, Actions: actions}
	l.DefaultRule = d.ARN
	c.Region.Balancing.Listeners.Put(l.ARN, l)
	c.Region.Balancing.Rules.Put(d.ARN, d)
	attach(c.World, c.Region, lb.ARN, actions)
	stirRule(c.World, c.Region, d.ARN)
	return &elbv2.CreateListenerOutput{Listeners: []types.Listener{toListener(c.Region, l)}}, nil
}

// listenerWanted is what a create or modify call says about encryption.
type listenerWanted struct {
	certificates []types.Certificate
	policy       *string
	alpn         []string
	mutual       *types.MutualAuthenticationAttributes
}

// apply checks a listener's port and protocol and sets what is wanted on it.
func (w listenerWanted) apply(r *world.Region, lb *world.LoadBalancer, l *world.Listener) error {
	known := []string{"HTTP", "HTTPS"}
	if lb.Type == "network" {
		known = []string{"TCP", "TLS", "UDP", "TCP_UDP"}
	}
	switch {
	case l.Protocol == "":
		return invalid("A listener protocol must be specified")
	case l.Port == 0:
		return invalid("A listener port must be specified")
	case !slices.Contains(known, l.Protocol):
		return invalid("Listener protocol '%s' must be one of '%s'", l.Protocol, strings.Join(known, ", "))
	}
	if err := within("port", &l.Port, 1, 65535); err != nil {
		return err
	}
	var err error
	if l.Certificate, err = defaultCertificate(r, l.Protocol, w.certificates); err != nil {
		return err
	}
	if l.SSLPolicy, err = sslPolicy(l.Protocol, w.policy); err != nil {
		return err
	}
	if len(w.alpn) > 0 && l.Protocol != "TLS" {
		return invalid("An ALPN policy can be specified for TLS listeners only")
	}
	l.ALPN = strings.Join(w.alpn, ",")
	return w.mutualMode(l)
}

func (w listenerWanted) mutualMode(l *world.Listener) error {
	if w.mutual == nil {
		return nil
	}
	mode := cmp.Or(aws.ToString(w.mutual.Mode), "off")
	switch {
	case l.Protocol != "HTTPS":
		return invalid("Mutual authentication can be specified for HTTPS listeners only")
	case mode == "verify":
		return refuse("TrustStoreNotFound", "Trust store '%s' not found", aws.ToString(w.mutual.TrustStoreArn))
	}
	l.MutualMode = mode
	return oneOf("mutualAuthentication.mode", mode, "off", "passthrough", "verify")
}

// alike tells whether a listener is what a create call asks for.
func alike(r *world.Region, old, want *world.Listener, actions []world.RuleAction) bool {
	d, _ := r.Balancing.Rules.Get(old.DefaultRule)
	return old.Protocol == want.Protocol && old.Certificate == want.Certificate && old.SSLPolicy == want.SSLPolicy &&
		old.ALPN == want.ALPN && old.MutualMode == want.MutualMode && digestOf(d.Actions) == digestOf(actions)
}

func listenerOn(r *world.Region, balancer string, port int32) *world.Listener {
	for l := range r.Balancing.Listeners.Rows() {
		if l.LoadBalancer == balancer && l.Port == port {
			return l
		}
	}
	return nil
}

func listenersOf(r *world.Region, balancer string) []*world.Listener {
	var out []*world.Listener
	for l := range r.Balancing.Listeners.Rows() {
		if l.LoadBalancer == balancer {
			out = append(out, l)
		}
	}
	return out
}

// attach makes the target groups of actions those of a load balancer; their targets are checked from now on.
func attach(w *world.World, r *world.Region, balancer string, actions []world.RuleAction) {
	for _, a := range actions {
		for _, ref := range a.Groups {
			if g, ok := r.Balancing.TargetGroups.Get(ref.ARN); ok && g.LoadBalancer == "" {
				g.LoadBalancer = balancer
				refreshGroup(w, r, g)
			}
		}
	}
}

// release frees the target groups of actions that no rule names any more.
func release(w *world.World, r *world.Region, actions []world.RuleAction) {
	for _, a := range actions {
		for _, ref := range a.Groups {
			if g, ok := r.Balancing.TargetGroups.Get(ref.ARN); ok && !referred(r, ref.ARN) {
				g.LoadBalancer = ""
				refreshGroup(w, r, g)
			}
		}
	}
}

func referred(r *world.Region, group string) bool {
	for rule := range r.Balancing.Rules.Rows() {
		for _, a := range rule.Actions {
			if slices.ContainsFunc(a.Groups, func(g world.WeightedARN) bool { return g.ARN == group }) {
				return true
			}
		}
	}
	return false
}

// DescribeListeners lists listeners: those named, or those of a load balancer.
func DescribeListeners(c *world.Call, in *elbv2.DescribeListenersInput) (*elbv2.DescribeListenersOutput, error) {
	var rows []*world.Listener
	switch {
	case in.LoadBalancerArn != nil && len(in.ListenerArns) > 0:
		return nil, invalid("You can't specify both a load balancer ARN and listener ARNs")
	case in.LoadBalancerArn != nil:
		lb, err := balancerBy(c.Region, in.LoadBalancerArn)
		if err != nil {
			return nil, err
		}
		rows = listenersOf(c.Region, lb.ARN)
	case len(in.ListenerArns) == 0:
		return nil, invalid("You must specify either listener ARNs or a load balancer ARN")
	}
	for _, arn := range in.ListenerArns {
		l, err := listenerBy(c.Region, &arn)
		if err != nil {
			return nil, err
		}
		rows = append(rows, l)
	}
	rows, next, err := page(rows, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeListenersOutput{NextMarker: next}
	for _, l := range rows {
		out.Listeners = append(out.Listeners, toListener(c.Region, l))
	}
	return out, nil
}

// ModifyListener changes what the call names and leaves the rest; actions replace all actions.
func ModifyListener(c *world.Call, in *elbv2.ModifyListenerInput) (*elbv2.ModifyListenerOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	lb, _ := c.Region.Balancing.LoadBalancers.Get(l.LoadBalancer)
	d, _ := c.Region.Balancing.Rules.Get(l.DefaultRule)
	next, err := modified(c.Region, lb, l, in)
	if err != nil {
		return nil, err
	}
	actions := d.Actions
	if in.DefaultActions != nil {
		actions, err = fromActions(c.Region, lb, &next, in.DefaultActions)
	} else {
		_, err = fromActions(c.Region, lb, &next, toActions(actions)) // do they fit the new protocol?
	}
	if err != nil {
		return nil, err
	}
	if other := listenerOn(c.Region, lb.ARN, next.Port); other != nil && other != l {
		return nil, refuse("DuplicateListener", "A listener already exists on this port for this load balancer '%s'", lb.ARN)
	}
	*l = next
	setActions(c.World, c.Region, d, actions)
	return &elbv2.ModifyListenerOutput{Listeners: []types.Listener{toListener(c.Region, l)}}, nil
}

// modified is the listener as the call wants it.
func modified(r *world.Region, lb *world.LoadBalancer, l *world.Listener, in *elbv2.ModifyListenerInput) (world.Listener, error) {
	next := *l
	next.Port = aws.ToInt32(cmp.Or(in.Port, &l.Port))
	next.Protocol = cmp.Or(string(in.Protocol), l.Protocol)
	want := listenerWanted{in.Certificates, in.SslPolicy, in.AlpnPolicy, in.MutualAuthentication}
	if secure(next.Protocol) && secure(l.Protocol) {
		if len(want.certificates) == 0 {
			want.certificates = []types.Certificate{{CertificateArn: aws.String(l.Certificate)}}
		}
		want.policy = cmp.Or(want.policy, aws.String(l.SSLPolicy))
	}
	if want.alpn == nil && l.ALPN != "" && next.Protocol == "TLS" {
		want.alpn = []string{l.ALPN}
	}
	err := want.apply(r, lb, &next)
	if !secure(next.Protocol) {
		next.Certificates, next.MutualMode = nil, "off"
	}
	return next, err
}

// DeleteListener closes a port and takes its rules away.
func DeleteListener(c *world.Call, in *elbv2.DeleteListenerInput) (*elbv2.DeleteListenerOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	dropListener(c.World, c.Region, l)
	return &elbv2.DeleteListenerOutput{}, nil
}

func dropListener(w *world.World, r *world.Region, l *world.Listener) {
	r.Balancing.Listeners.Delete(l.ARN)
	for rule := range r.Balancing.Rules.Rows() {
		if rule.Listener == l.ARN {
			r.Balancing.Rules.Delete(rule.ARN)
			stirRule(w, r, rule.ARN)
			release(w, r, rule.Actions)
		}
	}
}

func toListener(r *world.Region, l *world.Listener) types.Listener {
	d, _ := r.Balancing.Rules.Get(l.DefaultRule)
	out := types.Listener{
		ListenerArn: aws.String(l.ARN), LoadBalancerArn: aws.String(l.LoadBalancer), Port: aws.Int32(l.Port),
		Protocol: types.ProtocolEnum(l.Protocol), DefaultActions: toActions(d.Actions),
	}
	if l.SSLPolicy != "" {
		out.SslPolicy = aws.String(l.SSLPolicy)
		out.Certificates = []types.Certificate{{CertificateArn: aws.String(l.Certificate)}}
	}
	if l.Protocol == "HTTPS" {
		out.MutualAuthentication = &types.MutualAuthenticationAttributes{Mode: aws.String(l.MutualMode)}
	}
	if l.ALPN != "" {
		out.AlpnPolicy = strings.Split(l.ALPN, ",")
	}
	return out
}
