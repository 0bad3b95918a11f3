package differ

import (
	"maps"

	"berth/internal/document"
)

// definitionShape knows what AWS does to a task definition that it registers (ECS API reference, RegisterTaskDefinition and
// ContainerDefinition).
func definitionShape(v document.Value) shape {
	mode := v.Get("networkMode").Text
	return shape{
		sameHost: mode == "awsvpc" || mode == "host",
		members: `family taskRoleArn executionRoleArn networkMode containerDefinitions volumes placementConstraints requiresCompatibilities
			cpu memory tags pidMode ipcMode proxyConfiguration inferenceAccelerators ephemeralStorage runtimePlatform enableFaultInjection`,
		defaults: map[string]string{
			"networkMode":                                       "bridge",
			"enableFaultInjection":                              "false",
			"containerDefinitions.*.cpu":                        "0",
			"containerDefinitions.*.essential":                  "true",
			"containerDefinitions.*.portMappings.*.protocol":    "tcp",
			"containerDefinitions.*.portMappings.*.hostPort":    "0",
			"containerDefinitions.*.mountPoints.*.readOnly":     "false",
			"containerDefinitions.*.volumesFrom.*.readOnly":     "false",
			"containerDefinitions.*.healthCheck.interval":       "30",
			"containerDefinitions.*.healthCheck.timeout":        "5",
			"containerDefinitions.*.healthCheck.retries":        "3",
			"containerDefinitions.*.healthCheck.startPeriod":    "0",
			"containerDefinitions.*.restartPolicy.enabled":      "false",
			"containerDefinitions.*.versionConsistency":         "enabled",
			"volumes.*.efsVolumeConfiguration.rootDirectory":    "/",
			"volumes.*.dockerVolumeConfiguration.scope":         "task",
			"volumes.*.dockerVolumeConfiguration.driver":        "local",
			"volumes.*.dockerVolumeConfiguration.autoprovision": "false",
			"volumes.*.configuredAtLaunch":                      "false",
			"runtimePlatform.operatingSystemFamily":             "LINUX",
		},
		keys: map[string]string{
			"containerDefinitions":                                     "name",
			"volumes":                                                  "name",
			"placementConstraints":                                     "",
			"requiresCompatibilities":                                  "",
			"tags":                                                     "key",
			"containerDefinitions.*.environment":                       "name",
			"containerDefinitions.*.secrets":                           "name",
			"containerDefinitions.*.portMappings":                      "containerPort containerPortRange hostPort protocol",
			"containerDefinitions.*.mountPoints":                       "containerPath",
			"containerDefinitions.*.volumesFrom":                       "sourceContainer",
			"containerDefinitions.*.ulimits":                           "name",
			"containerDefinitions.*.dependsOn":                         "containerName",
			"containerDefinitions.*.extraHosts":                        "hostname ipAddress",
			"containerDefinitions.*.systemControls":                    "namespace",
			"containerDefinitions.*.links":                             "",
			"containerDefinitions.*.resourceRequirements":              "type value",
			"containerDefinitions.*.dockerSecurityOptions":             "",
			"containerDefinitions.*.logConfiguration.secretOptions":    "name",
			"containerDefinitions.*.linuxParameters.capabilities.add":  "",
			"containerDefinitions.*.linuxParameters.capabilities.drop": "",
			"containerDefinitions.*.linuxParameters.devices":           "hostPath containerPath",
			"containerDefinitions.*.linuxParameters.tmpfs":             "containerPath",
			"containerDefinitions.*.restartPolicy.ignoredExitCodes":    "",
			"inferenceAccelerators":                                    "deviceName",
			"proxyConfiguration.properties":                            "name",
		},
	}
}

// serviceShape knows what AWS does to a service (ECS API reference, CreateService and UpdateService). A daemon's defaults are
// others.
func serviceShape(v document.Value) shape {
	s := shape{
		members: `capacityProviderStrategy deploymentConfiguration deploymentController desiredCount enableECSManagedTags
			enableExecuteCommand healthCheckGracePeriodSeconds launchType loadBalancers networkConfiguration placementConstraints
			placementStrategy platformVersion propagateTags schedulingStrategy serviceConnectConfiguration serviceRegistries
			volumeConfigurations vpcLatticeConfigurations availabilityZoneRebalancing tags`,
		owned: []string{"desiredCount", "launchType", "capacityProviderStrategy", "platformVersion", "availabilityZoneRebalancing"},
		defaults: map[string]string{
			"schedulingStrategy":                                                            "REPLICA",
			"deploymentController.type":                                                     "ECS",
			"enableECSManagedTags":                                                          "false",
			"enableExecuteCommand":                                                          "false",
			"propagateTags":                                                                 "NONE",
			"healthCheckGracePeriodSeconds":                                                 "0",
			"deploymentConfiguration.strategy":                                              "ROLLING",
			"deploymentConfiguration.bakeTimeInMinutes":                                     "0",
			"deploymentConfiguration.maximumPercent":                                        "200",
			"deploymentConfiguration.minimumHealthyPercent":                                 "100",
			"deploymentConfiguration.deploymentCircuitBreaker.enable":                       "false",
			"deploymentConfiguration.deploymentCircuitBreaker.rollback":                     "false",
			"deploymentConfiguration.deploymentCircuitBreaker.resetOnHealthyTask":           "true",
			"deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration.type":  "BOUNDED_PERCENT",
			"deploymentConfiguration.deploymentCircuitBreaker.thresholdConfiguration.value": "50",
			"deploymentConfiguration.alarms.enable":                                         "false",
			"deploymentConfiguration.alarms.rollback":                                       "false",
			"networkConfiguration.awsvpcConfiguration.assignPublicIp":                       "DISABLED",
			"serviceConnectConfiguration.enabled":                                           "false",
			"capacityProviderStrategy.*.base":                                               "0",
			"capacityProviderStrategy.*.weight":                                             "0",
		},
		keys: map[string]string{
			"capacityProviderStrategy": "capacityProvider",
			"loadBalancers":            "targetGroupArn loadBalancerName",
			"placementConstraints":     "",
			"serviceRegistries":        "registryArn",
			"tags":                     "key",
			"networkConfiguration.awsvpcConfiguration.subnets":        "",
			"networkConfiguration.awsvpcConfiguration.securityGroups": "",
			"deploymentConfiguration.alarms.alarmNames":               "",
		},
	}
	if v.Get("schedulingStrategy").Text == "DAEMON" {
		maps.Copy(s.defaults, map[string]string{
			"deploymentConfiguration.maximumPercent": "100", "deploymentConfiguration.minimumHealthyPercent": "0",
		})
	}
	return s
}
