package sim

import "berth/internal/sim/world"

// ecsCharge is what an ECS call takes: the operations of a category share one bucket.
func ecsCharge(op string) charge {
	if world.Reads(op) {
		return ecsRead(op)
	}
	return ecsModify(op)
}

func ecsRead(op string) charge {
	switch op {
	case "DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies":
		return one("task definition read", 50, 20)
	case "DescribeCapacityProviders":
		return one("capacity provider read", 50, 20)
	case "ListTagsForResource":
		return one("tag read", 50, 20)
	case "ListAccountSettings":
		return one("setting read", 50, 20)
	case "DescribeContainerInstances", "ListContainerInstances", "DescribeTasks", "ListTasks", "ListAttributes":
		return one("cluster resource read", 100, 20)
	case "DescribeServices", "ListServices", "DescribeTaskSets":
		return one("service read", 100, 20)
	case "DescribeServiceDeployments", "ListServiceDeployments":
		return one("service deployment", 50, 20)
	case "DescribeServiceRevisions":
		return one("service revision", 50, 20)
	case "GetTaskProtection":
		return one("task protection", 200, 80)
	case "ListServicesByNamespace":
		return one("cluster service resource read", 10, 1)
	}
	return one("cluster read", 50, 20)
}

func ecsModify(op string) charge {
	switch op {
	case "RegisterTaskDefinition", "DeregisterTaskDefinition":
		return one("task definition modify", 20, 1)
	case "DeleteTaskDefinitions":
		return one("task definition delete", 5, 1)
	case "CreateCapacityProvider", "UpdateCapacityProvider", "DeleteCapacityProvider":
		return one("capacity provider modify", 10, 1)
	case "TagResource", "UntagResource":
		return one("tag modify", 20, 10)
	case "PutAccountSetting", "PutAccountSettingDefault", "DeleteAccountSetting":
		return one("setting modify", 10, 1)
	case "RunTask", "StartTask", "StopTask", "DeregisterContainerInstance", "UpdateContainerInstancesState",
		"PutAttributes", "DeleteAttributes", "ExecuteCommand", "UpdateContainerAgent":
		return one("cluster resource modify", 100, 40)
	case "RegisterContainerInstance", "SubmitAttachmentStateChanges", "SubmitContainerStateChange", "SubmitTaskStateChange":
		return one("agent modify", 200, 120)
	case "CreateService", "UpdateService", "DeleteService", "CreateTaskSet", "UpdateTaskSet", "DeleteTaskSet", "UpdateServicePrimaryTaskSet":
		return one("service modify", 50, 5)
	case "StopServiceDeployment":
		return one("service deployment", 50, 20)
	case "UpdateTaskProtection":
		return one("task protection", 200, 80)
	}
	return one("cluster modify", 20, 1)
}
