package apply

import "berth/internal/model"

// grid has an entry for every kind of resource.
func grid() map[model.Kind]entry {
	return map[model.Kind]entry{
		model.KindBucket:           bucketEntry(),
		model.KindVPC:              vpcEntry(),
		model.KindDefaultGroup:     defaultGroupEntry(),
		model.KindInternetGateway:  internetGatewayEntry(),
		model.KindSubnet:           subnetEntry(),
		model.KindRouteTable:       routeTableEntry(),
		model.KindElasticIP:        elasticIPEntry(),
		model.KindNATGateway:       natEntry(),
		model.KindRoute:            routeEntry(),
		model.KindEndpoint:         endpointEntry(),
		model.KindSecurityGroup:    securityGroupEntry(),
		model.KindLoadBalancer:     loadBalancerEntry(),
		model.KindTargetGroup:      targetGroupEntry(),
		model.KindListener:         listenerEntry(),
		model.KindClassic:          classicEntry(),
		model.KindServiceRole:      serviceRoleEntry(),
		model.KindRole:             roleEntry(),
		model.KindProfile:          profileEntry(),
		model.KindLogGroup:         logGroupEntry(),
		model.KindFlowLog:          flowLogEntry(),
		model.KindCluster:          clusterEntry(),
		model.KindKeyPair:          keyPairEntry(),
		model.KindTemplate:         templateEntry(),
		model.KindGroup:            groupEntry(),
		model.KindProvider:         providerEntry(),
		model.KindClusterProviders: clusterProvidersEntry(),
		model.KindCapacity:         capacityEntry(),
		model.KindTaskDefinition:   taskDefinitionEntry(),
		model.KindDaemonService:    daemonServiceEntry(),
	}
}
