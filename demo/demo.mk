# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# make demo [FILE=path]: the main job, on a real file.

demo:
	@test/setup $(sort $(VM_PACKAGES))
	@BUILD='$(BUILD)' MAKE='$(MAKE)' demo/demo.sh '$(FILE)'

.PHONY: demo
