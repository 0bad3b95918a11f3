package plan

import (
	"strconv"
	"strings"

	"berth/internal/model"
)

// Rule says what changing one setting takes.
type Rule struct {
	Replace bool   // AWS cannot change it in place
	Impact  Impact // of changing it in place
	Shrinks bool   // the impact is that of a smaller number; a larger one has none
	Why     string // what the setting is good for
}

// RuleOf finds the rule of a setting. Settings whose names are data (tags, policies) share the rule "tags.*".
func RuleOf(k model.Kind, name string) (Rule, bool) {
	table := rules[k]
	if r, ok := table[name]; ok {
		return r, true
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		r, ok := table[name[:i]+".*"]
		return r, ok
	}
	return Rule{}, false
}

// update is a change in place that nobody notices.
func update(why string) Rule { return Rule{Why: why} }

// disturb is a change in place with an impact.
func disturb(i Impact, why string) Rule { return Rule{Impact: i, Why: why} }

// replace is a setting that AWS fixes at creation.
func replace(why string) Rule { return Rule{Replace: true, Impact: Outage, Why: why} }

func tagged(table map[string]Rule) map[string]Rule {
	table["tags.*"] = update("tags say whose it is")
	return table
}

// rules says for every setting of every kind what changing it takes.
//
//nolint:gochecknoglobals // a table
var rules = map[model.Kind]map[string]Rule{
	model.KindBucket:           tagged(bucketRules()),
	model.KindVPC:              tagged(vpcRules()),
	model.KindDefaultGroup:     defaultGroupRules(),
	model.KindInternetGateway:  tagged(map[string]Rule{"vpc": disturb(Brief, "it lets the public subnets out")}),
	model.KindSubnet:           tagged(subnetRules()),
	model.KindRouteTable:       tagged(map[string]Rule{"subnet": disturb(Brief, "the subnet's traffic follows it")}),
	model.KindElasticIP:        tagged(map[string]Rule{}),
	model.KindNATGateway:       tagged(natRules()),
	model.KindRoute:            routeRules(),
	model.KindSecurityGroup:    tagged(securityGroupRules()),
	model.KindEndpoint:         tagged(endpointRules()),
	model.KindLoadBalancer:     tagged(balancerRules()),
	model.KindTargetGroup:      tagged(targetGroupRules()),
	model.KindListener:         tagged(listenerRules()),
	model.KindClassic:          tagged(classicRules()),
	model.KindServiceRole:      {},
	model.KindRole:             tagged(roleRules()),
	model.KindProfile:          tagged(profileRules()),
	model.KindLogGroup:         tagged(logGroupRules()),
	model.KindFlowLog:          tagged(flowLogRules()),
	model.KindCluster:          tagged(clusterRules()),
	model.KindKeyPair:          tagged(keyPairRules()),
	model.KindTemplate:         tagged(templateRules()),
	model.KindGroup:            tagged(groupRules()),
	model.KindProvider:         tagged(providerRules()),
	model.KindClusterProviders: clusterProviderRules(),
	model.KindCapacity:         capacityRules(),
	model.KindTaskDefinition:   tagged(taskDefinitionRules()),
	model.KindDaemonService:    tagged(daemonServiceRules()),
}

func impactOf(k model.Kind, fields []Field) Impact {
	worst := None
	for _, f := range fields {
		if r, _ := RuleOf(k, f.Name); !r.Shrinks || shrinks(f) {
			worst = max(worst, r.Impact)
		}
	}
	return worst
}

// shrinks tells whether a number becomes smaller.
func shrinks(f Field) bool {
	from, err1 := strconv.Atoi(f.From)
	to, err2 := strconv.Atoi(f.To)
	return err1 == nil && err2 == nil && to < from
}

// deleteImpact is what taking one of a kind away does while the cluster goes on without it, or until it is made anew. A
// route or NAT gateway that the file no longer asks for is nobody's by then: what used it has moved, which has an impact
// of its own (but see cutsOff). Who used an endpoint finds the next way at once, but for the connections that it had.
func deleteImpact(k model.Kind, anew bool) Impact {
	switch k {
	case model.KindVPC, model.KindInternetGateway, model.KindLoadBalancer, model.KindClassic, model.KindListener, model.KindCluster,
		model.KindGroup, model.KindCapacity, model.KindService, model.KindTask:
		return Outage
	case model.KindRoute, model.KindNATGateway:
		if anew {
			return Outage
		}
		return None
	case model.KindEndpoint:
		if anew {
			return Outage
		}
		return Brief
	default:
		return None
	}
}

// purpose says why a kind of resource exists.
func purpose(k model.Kind) string {
	return map[model.Kind]string{
		model.KindBucket:           "holds the lease: one writer at a time",
		model.KindVPC:              "the cluster's own network",
		model.KindDefaultGroup:     "emptied, so that nobody leans on it",
		model.KindInternetGateway:  "the way to and from the internet",
		model.KindSubnet:           "one tier of one zone",
		model.KindRouteTable:       "where a subnet's traffic goes",
		model.KindElasticIP:        "the fixed address that the instances come from",
		model.KindNATGateway:       "lets the private subnets out",
		model.KindRoute:            "the default way out of a subnet",
		model.KindEndpoint:         "a private way to an AWS service, past the NAT gateways",
		model.KindSecurityGroup:    "only the traffic that is needed",
		model.KindLoadBalancer:     "spreads requests over zones and tasks",
		model.KindTargetGroup:      "where requests go that no rule claims",
		model.KindListener:         "the port that clients talk to",
		model.KindClassic:          "spreads connections over instances",
		model.KindServiceRole:      "AWS's own role, shared by the account",
		model.KindRole:             "the least rights that are needed",
		model.KindProfile:          "gives the instances their role",
		model.KindLogGroup:         "logs, with an end",
		model.KindFlowLog:          "who talks to whom is on record",
		model.KindCluster:          "where services run",
		model.KindKeyPair:          "the SSH key that new instances take",
		model.KindTemplate:         "how instances are made, as a numbered version",
		model.KindGroup:            "keeps the instances, spread over the zones",
		model.KindProvider:         "lets ECS scale and drain the group",
		model.KindClusterProviders: "what services use that name no provider",
		model.KindCapacity:         "instances start when their way out stands",
		model.KindTaskDefinition:   "how a system container is started",
		model.KindDaemonService:    "one on every instance, first to start and last to stop",
	}[k]
}
